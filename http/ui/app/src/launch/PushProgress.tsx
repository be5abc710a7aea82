import { Label, ProgressBar } from "react-aria-components";
import { Scrollable } from "../Scrollable";
import { say } from "../words/say";
import { sayBytes } from "../words/time";
import type { LayerProgress } from "./event";
import { type Layer, readLayers } from "./layers";

/** How far each layer of the image is on its way to the registry. */
export function PushProgress({ progress }: { progress: Record<string, LayerProgress> }) {
  const { layers, done, share } = readLayers(progress);
  if (layers.length === 0) return null;
  return (
    <section className="card push">
      <ProgressBar value={share * 100} className="push-all" valueLabel={say("launch.layers_stored", { done, all: layers.length })}>
        {({ percentage, valueText }) => (
          <>
            <Label>{say("launch.layers")}</Label>
            <span className="hint">{valueText}</span>
            <span className="bar" aria-hidden="true">
              <span style={{ inlineSize: `${percentage ?? 0}%` }} />
            </span>
          </>
        )}
      </ProgressBar>
      <Scrollable className="layers" label={say("launch.layers")}>
        <ul>
          {layers.map((layer) => (
            <li key={layer.id} data-state={layer.state}>
              <code>{layer.id.slice(0, 12)}</code>
              <span className="bar" aria-hidden="true">
                <span style={{ inlineSize: `${layer.share * 100}%` }} />
              </span>
              <span className="hint">{sayLayer(layer)}</span>
            </li>
          ))}
        </ul>
      </Scrollable>
    </section>
  );
}

function sayLayer(layer: Layer): string {
  switch (layer.state) {
    case "there":
      return say("launch.layer_there");
    case "stored":
      return say("launch.layer_stored");
    case "waiting":
      return say("launch.layer_waiting");
    case "going":
      return say("launch.layer_bytes", { current: sayBytes(layer.current), total: sayBytes(layer.total) });
  }
}
