import { say, type Words } from "../words/say";
import { sayTime } from "../words/time";
import { type Estimate, type Launch, secondsOf, stageNames } from "./stages";

/** The stages of a launch, the time each took, and what it usually takes. */
export function Timeline({ launch, estimate, now }: { launch: Launch; estimate: Estimate | null; now: number }) {
  return (
    <ol className="stages" aria-label={say("launch.progress")}>
      {stageNames.map((name) => {
        const stage = launch.stages[name];
        const took = name === "ready" ? null : secondsOf(stage, now);
        const usual = estimate?.[name];
        const share = stage.state === "now" && usual && took !== null ? Math.min(0.97, took / usual) : null;
        return (
          <li key={name} data-stage={name} data-state={stage.state} aria-current={stage.state === "now" ? "step" : undefined}>
            <span className="knot" aria-hidden="true" />
            <span className="stage-name">{say(`stage.${name}` as Words)}</span>
            <span className="unseen">: {say(`stage.${stage.state}` as Words)}</span>
            <span className="stage-time">
              {took !== null && stage.state !== "skipped" ? sayTime(stage.state === "now" ? Math.floor(took) : took) : null}
              {stage.state === "skipped" && say("stage.skipped")}
            </span>
            {usual !== undefined && !launch.end && (stage.state === "ahead" || stage.state === "now") && (
              <span className="stage-usual">{say("stage.usually", { time: sayTime(usual) })}</span>
            )}
            {share !== null && (
              <span className="stage-share" aria-hidden="true">
                <span style={{ inlineSize: `${share * 100}%` }} />
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
