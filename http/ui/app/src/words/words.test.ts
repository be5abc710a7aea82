import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import english from "../../../strings/en.json";
import { say, sayCount } from "./say";
import { sayBytes, sayRoughly, sayTime } from "./time";

it("fills in values", () => expect(say("stage.usually", { time: "5 s" })).toBe("usually 5 s"));
it("counts", () => expect([1, 2, 12_345].map((count) => sayCount("log.lines", count))).toEqual(["one line", "2 lines", "12,345 lines"]));

it.each([
  [0.44, "0.4 s"], [12.3, "12 s"], [59.6, "1 min 0 s"], [65, "1 min 5 s"], [3725, "1 h 2 min"],
])("%d seconds are %s", (seconds, words) => expect(sayTime(seconds)).toBe(words));
it.each([[1, "5 s"], [41, "45 s"], [58, "1 min"], [200, "3 min"]])("roughly %d seconds are %s", (seconds, words) =>
  expect(sayRoughly(seconds)).toBe(words));
it.each([[10, "1 kB"], [4_560_000, "4.6 MB"], [45_600_000, "46 MB"], [2_100_000_000, "2.1 GB"]])("%d bytes are %s", (bytes, words) =>
  expect(sayBytes(bytes)).toBe(words));

it("has no text that nobody shows", () => {
  const files = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((one) =>
      one.isDirectory() ? files(join(folder, one.name)) : [readFileSync(join(folder, one.name), "utf8")]);
  const all = [...files("src"), ...files("../pages")].join("\n");
  const server = ["page.description", "page.launch_description"];
  const made = /^(?:stage\.|home\.how_|home\.(?:lab|file|url)path$|launch\.queued_|log\.lines_)/;
  expect(Object.keys(english).filter((name) => !made.test(name) && !server.includes(name) && !all.includes(name))).toEqual([]);
});
