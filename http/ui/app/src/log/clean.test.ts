import { Terminal } from "@xterm/xterm";
import { describe, expect, it } from "vitest";
import { Cleaner } from "./clean";
import { workOf } from "./work.fixture";

const clean = (...pieces: string[]) => {
  const cleaner = new Cleaner();
  return pieces.map((piece) => cleaner.clean(piece)).join("");
};

/** What builds print to draw with, and what may stay. */
const drawn = [
  "\x1b[1;31mred\x1b[0m\x1b[m",
  "\x1b[38;5;208morange\x1b[38:2::1:2:3mown",
  "10%\r50%\r\n",
  "a\tb\bc",
  "\x1b[2A\x1b[2K\rlayer\x1b[2B", // docker pull and push
  "\r\x1b[2K\x1b[1A\x1b[2K", // pip, by rich
  "\x1b[A\x1b[0K\x1b[K", // tqdm, conda
  "\x1b[3F\x1b[0J\x1b[J\x1b[2E", // mamba
  "\x1b[1G\x1b[0G\x1b[4C\x1b[4D", // npm, buildkit
];

/** What does anything else, and the text that is left of it. */
const hostile: [string, string][] = [
  ["\x1b]8;;https://evil.example/\x07text\x1b]8;;\x07", "text"],
  ["\x1b]8;id=1;https://evil.example/\x1b\\text\x1b]8;;\x1b\\", "text"],
  ["\x1b]0;title\x07a\x1b]2;title\x1b\\b", "ab"],
  ["\x1b]52;c;ZXZpbA==\x07clip", "clip"],
  ["\x1b]4;1;red\x07\x1b]10;?\x07\x1b]104\x07colour", "colour"],
  ...["?1049h", "?47h", "?1047h", "?1000h", "?1002h", "?1003h", "?1006h", "?25l", "?2004h", "?2026h", "?1049l", "4h", "20h"]
    .map((mode): [string, string] => [`a\x1b[${mode}b`, "ab"]),
  ...["2J", "3J", "1J", "H", "5;5H", "10d", "5;10r", "5L", "5M", "5P", "5X", "5S", "5T", "5@", "99999999b", "s", "u", "c", ">c", "6n", "18t",
    "!p", "0 q", "?K", ">4;2m", "?5m", "1 A", "00000A", "g"]
    .map((end): [string, string] => [`a\x1b[${end}b`, "ab"]),
  [`a\x1b[${"1;".repeat(40)}mb`, "ab"],
  ["a\x1bcb\x1b7c\x1b8d\x1bDe\x1bEf\x1bMg\x1bHh", "abcdefgh"],
  ["a\x1b(0b\x1b#8c\x1b%Gd\x1b Fe", "abcde"],
  ["a\x1bPq#0;2;0;0;0\x1b\\b\x1b_G\x1b\\c\x1b^x\x1b\\d\x1bXy\x1b\\e", "abcde"],
  ["bell\x07 and\x00 nul\x7f\x0e\x0f\x0b\x0c\x05", "bell and nul"],
  ["8 bit: \x9b31m\x9d0;x\x9c\x84\x8d\x90", "8 bit: 31m0;x"],
  ["a\x1b\x1b\x1b[31mb", "a\x1b[31mb"],
  ["a\x1b[3\x1b[31mb", "a\x1b[31mb"],
  ["\x1b]0;a\x1b[31mb", "\x1b[31mb"],
];

describe("a clean text", () => {
  it.each(drawn)("keeps %j", (text) => expect(clean(text)).toBe(text));
  it.each(hostile)("of %j is %j", (text, left) => expect(clean(text)).toBe(left));

  it.each([...drawn, ...hostile.map(([text]) => text)])("is the same wherever %j is cut", (text) => {
    const whole = clean(text);
    expect(clean(...text)).toBe(whole);
    for (let at = 1; at < text.length; at++) expect(clean(text.slice(0, at), text.slice(at))).toBe(whole);
  });

  it.each(["\x1b]0;no end", "\x1bPno end", "\x1b[31", "\x1b[", "\x1b", "\x1b("])("shows the line after %j", (text) =>
    expect(clean(`a${text}\nb\n`)).toBe("a\nb\n"));

  it("hides no more than a sequence may be long", () => {
    expect(clean(`\x1b]0;${"x".repeat(5_000)}`).length).toBeGreaterThan(900);
    expect(clean(`\x1b[${"0".repeat(5_000)}`).length).toBeGreaterThan(900);
    expect(clean(...`\x1b]0;${"x".repeat(5_000)}`).length).toBeGreaterThan(900);
  });

  it("changes nothing of the terminal", async () => {
    const terminal = new Terminal({ allowProposedApi: true, rows: 10 });
    const modes = terminal.modes;
    const told: string[] = [];
    terminal.onTitleChange((title) => told.push(title));
    terminal.onData((data) => told.push(data)); // answers to what a log asks
    terminal.onBell(() => told.push("bell"));
    const cleaner = new Cleaner();
    const texts = ["first line\r\n", ...hostile.map(([text]) => text), "\r\nlast line"];
    for (const text of texts) for (const character of text) terminal.write(cleaner.clean(character));
    await new Promise<void>((done) => terminal.write("", done));
    const { active } = terminal.buffer;
    expect(active.type).toBe("normal");
    expect(terminal.modes).toEqual(modes);
    expect(told).toEqual([]);
    expect(active.getLine(0)!.translateToString(true)).toBe("first line");
    expect(active.getLine(active.baseY + active.cursorY)!.translateToString(true)).toBe("last line");
  });

  it.each(["x", "\x1b", "\x1b[", "\x1b[0", "\x1b]", "\x1b]0;x", "\x1bP\x1b", "\x1b[31m", "\r", "\n", "\x9b", "\x1b("])("of %j, many times, is little work", (text) => {
    const long = text.repeat(20_000);
    expect(workOf(() => clean(long))).toBeLessThan(20 * long.length);
    expect(workOf(() => clean(...Array(200).fill(text.repeat(100))))).toBeLessThan(20 * long.length);
  });
});
