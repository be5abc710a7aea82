import { expect, it } from "vitest";
import { readLayers } from "./layers";

it("reads what a push says of its layers", () => {
  const { layers, done, share } = readLayers({
    a: "Preparing", b: "Layer already exists", c: "Pushed", d: { current: 25, total: 100 }, e: { current: 7 }, f: {},
  });
  expect(layers.map((layer) => [layer.id, layer.state, layer.share])).toEqual([
    ["a", "waiting", 0], ["b", "there", 1], ["c", "stored", 1], ["d", "going", 0.25], ["e", "going", 1], ["f", "going", 0],
  ]);
  expect(done).toBe(2);
  expect(share).toBeCloseTo(3.25 / 6);
});

it("never shows more than all of a layer", () =>
  expect(readLayers({ a: { current: 300, total: 200 } }).layers[0]).toMatchObject({ share: 1, total: 300 }));

it("of nothing is nothing", () => expect(readLayers({})).toEqual({ layers: [], done: 0, share: 0 }));
