import type { LayerProgress } from "./event";

/// How far a push is, layer by layer.

export type LayerState = "waiting" | "there" | "stored" | "going";

export interface Layer {
  id: string;
  state: LayerState;
  current: number;
  total: number;
  /** 0 to 1 */
  share: number;
}

export function readLayer(id: string, progress: LayerProgress): Layer {
  const bare = { id, current: 0, total: 0 };
  if (typeof progress === "string") {
    if (/exists|mounted/i.test(progress)) return { ...bare, state: "there", share: 1 };
    if (/pushed/i.test(progress)) return { ...bare, state: "stored", share: 1 };
    return { ...bare, state: "waiting", share: 0 };
  }
  const current = Number(progress?.current) || 0;
  const total = Math.max(current, Number(progress?.total) || 0);
  return { id, state: "going", current, total, share: total > 0 ? current / total : 0 };
}

export function readLayers(progress: Record<string, LayerProgress>): { layers: Layer[]; done: number; share: number } {
  const layers = Object.entries(progress).map(([id, one]) => readLayer(id, one));
  const done = layers.filter((layer) => layer.state === "there" || layer.state === "stored").length;
  const sum = layers.reduce((all, layer) => all + layer.share, 0);
  return { layers, done, share: layers.length > 0 ? sum / layers.length : 0 };
}
