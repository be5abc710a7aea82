import { describe, expect, it } from "vitest";
import { LogText, mostLines, withoutControls } from "./log_text";

describe("a log", () => {
  it("keeps what was said, with a break after each piece", () => {
    const log = new LogText();
    const watched: string[] = [];
    const stop = log.watch((piece) => watched.push(piece));
    log.append("one");
    log.append("");
    log.append("two\nthree\n");
    stop();
    log.append("four\n");
    expect(log.plain()).toBe("one\ntwo\nthree\nfour\n");
    expect(log.lines).toBe(4);
    expect(watched).toEqual(["one\n", "two\nthree\n"]);
  });

  it("knows its last line that says something", () => {
    const log = new LogText();
    log.append("\x1b[32mdone\x1b[0m\n\n  \n");
    expect(log.last).toBe("done");
  });

  it("lets the oldest lines go, and says so", () => {
    const log = new LogText();
    for (let i = 0; i < mostLines + 5000; i++) log.append(`line ${i}\n`);
    expect(log.lines).toBe(mostLines);
    const [first, second] = log.plain().split("\n");
    expect(first).toMatch(/left out/);
    expect(second).toBe("line 5000");
  });
});

describe("text without controls", () => {
  it.each([
    ["\x1b[1;31mred\x1b[0m", "red"],
    ["\x1b]0;title\x07shown", "shown"],
    ["10%\r50%\r100%\n", "100%\n"],
    ["a\r\nb\r\n", "a\nb\n"],
    ["bell\x07 and\x00 nul", "bell and nul"],
    ["<b>text</b>", "<b>text</b>"],
    ["\x1b[38;5;208morange", "orange"],
  ])("%j is %j", (text, plain) => expect(withoutControls(text)).toBe(plain));

  it("takes no longer for hostile text", () => expect(withoutControls("\x1b[".repeat(200_000)).length).toBeLessThan(500_000));
});
