import { describe, expect, it } from "vitest";
import { scrollByKey } from "./scroll_keys";

/** What a key scrolled; null where it is not the log's. */
function pressed(key: string, more: Partial<KeyboardEvent> = {}): string | null {
  let done = "";
  const log = {
    scrollLines: (lines: number) => (done += `lines ${lines}`),
    scrollPages: (pages: number) => (done += `pages ${pages}`),
    scrollToTop: () => (done += "top"),
    scrollToBottom: () => (done += "bottom"),
  };
  const taken = scrollByKey(log, { type: "keydown", key, altKey: false, ctrlKey: false, metaKey: false, ...more });
  expect(taken).toBe(done !== "");
  return taken ? done : null;
}

describe("a log's keys", () => {
  it.each([
    ["ArrowUp", "lines -1"], ["ArrowDown", "lines 1"], ["PageUp", "pages -1"], ["PageDown", "pages 1"], ["Home", "top"], ["End", "bottom"],
  ])("%s: %s, with Shift too", (key, what) => {
    expect(pressed(key)).toBe(what);
    expect(pressed(key, { shiftKey: true })).toBe(what);
    expect(pressed(key, { type: "keyup" })).toBeNull();
    for (const held of ["altKey", "ctrlKey", "metaKey"]) expect(pressed(key, { [held]: true })).toBeNull();
  });
  it.each(["Tab", "Escape", "Enter", "a", " ", "F5", "ArrowLeft", "constructor"])("%s is the page's", (key) => expect(pressed(key)).toBeNull());
  it("leaves copying", () => {
    expect(pressed("c", { ctrlKey: true })).toBeNull();
    expect(pressed("c", { metaKey: true })).toBeNull();
  });
});
