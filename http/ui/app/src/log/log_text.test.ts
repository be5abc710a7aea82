import { describe, expect, it } from "vitest";
import { LogText, mostLines, mostPlain } from "./log_text";
import { PlainText } from "./plain_text";
import { workOf } from "./work.fixture";

function logOf(...pieces: string[]): LogText {
  const log = new LogText();
  for (const piece of pieces) log.append(piece);
  return log;
}

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

  it("breaks no line for a piece of colour alone, nor amid a sequence", () => {
    const log = logOf("\x1b[31mred\n\x1b[0m", "\x1b[0m", "gre\x1b[3", "2men\n");
    expect([...log.kept()].join("")).toBe("\x1b[31mred\n\x1b[0m\x1b[0mgre\x1b[32men\n");
    expect(log.lines).toBe(2);
  });

  it("hands on nothing but text and what draws it", () => {
    const log = new LogText();
    const watched: string[] = [];
    log.watch((piece) => watched.push(piece));
    log.append("\x1b]8;;https://evil.example/\x07te");
    log.append("\x1b[?104");
    log.append("9h\x1b[32mxt");
    expect(watched).toEqual(["te\n", "\x1b[32mxt\n"]);
    expect([...log.kept()]).toEqual(watched);
  });

  it("knows its last line that says something", () => {
    const log = logOf("\x1b[32mdone\x1b[0m\n\n  \n");
    expect(log.last).toBe("done");
    log.append("10%\r50%\r");
    expect(log.last).toBe("50%");
    log.append(`${" ".repeat(5_000)}${"\x1b[31mx".repeat(5_000)}`);
    expect(log.last).toBe("x".repeat(300));
  });

  it("lets the oldest lines go, and says so", () => {
    const log = new LogText();
    for (let i = 0; i < mostLines + 5000; i++) log.append(`line ${i}\n`);
    expect(log.lines).toBe(mostLines);
    const [first, second] = log.plain().split("\n");
    expect(first).toMatch(/left out/);
    expect(second).toBe("line 5000");
  });

  it("shows a page its end, from the start of a line, and says so", () => {
    const log = new LogText();
    for (let i = 0; i < 50_000; i++) log.append(`\x1b[3${i % 8}mline ${i}\x1b[0m\n`);
    const all = log.plain().split("\n");
    const [notice, ...end] = log.plainEnd().split("\n");
    expect(notice).toMatch(/left out/);
    expect(end).toEqual(all.slice(-end.length));
    const { length } = end.join("\n");
    expect(length).toBeLessThanOrEqual(mostPlain);
    expect(length).toBeGreaterThan(mostPlain - 20);
  });

  it("shows a page all where that is little", () => expect(logOf("one", "two").plainEnd()).toBe("one\ntwo\n"));

  it("shows the end of a line that is longer than that", () => {
    const text = new PlainText(100);
    text.add("x".repeat(100));
    expect(text.cut).toBe(false);
    for (let i = 0; i < 10; i++) text.add("y".repeat(50));
    text.add("end\n");
    expect(`${text}`).toBe(`${"y".repeat(96)}end\n`);
    expect(text.cut).toBe(true);
  });
});

describe("plain text", () => {
  it.each([
    ["\x1b[1;31mred\x1b[0m", "red\n"],
    ["\x1b]0;title\x07shown", "shown\n"],
    ["10%\r50%\r100%\n", "100%\n"],
    ["10%\r50%\r", "50%"],
    ["10%\r\x1b[K50%\r\x1b[0m\r\n", "50%\n"],
    ["a\r\nb\r\n\r\nc\r\r\n", "a\nb\n\nc\n"],
    ["bell\x07 and\x00 nul", "bell and nul\n"],
    ["<b>text</b>", "<b>text</b>\n"],
    ["\x1b[38;5;208morange", "orange\n"],
  ])("of %j is %j", (text, plain) => {
    const log = logOf(text);
    expect(log.plain()).toBe(plain);
    expect(log.plainEnd()).toBe(plain);
  });

  it("has of a line written over the last, though it came in pieces", () => {
    const log = logOf("10%\r", "20%\r", "\x1b[K30%\r", "\n", "a\r", "b\r\n", "c\r", "d");
    expect(log.plain()).toBe("30%\nb\nd\n");
    expect(log.plainEnd()).toBe(log.plain());
  });

  it.each(["x", " ", "\x1b", "\x1b[", "\x1b]x", "\x1b[0;", "\x1b[31m", "x\r", "\r", "\n", "\b", "x\n", "\x1b[31mx\x1b[0m\r\n"])("of %j, many times, is little work", (text) => {
    const long = text.repeat(20_000);
    expect(workOf(() => logOf(long).plain())).toBeLessThan(40 * long.length);
  });

  it("takes the same work for each further line, however long the log is", () => {
    const line = "x".repeat(60_000);
    const log = new LogText();
    const work = (lines: number) => workOf(() => {
      for (let i = 0; i < lines; i++) {
        log.append(line);
        expect(log.last.length).toBe(300);
      }
    });
    const first = work(10);
    expect(first).toBeLessThan(10 * 20 * line.length);
    work(300);
    expect(work(10)).toBeLessThan(1.5 * first + 2 * mostPlain);
  });

  it("takes a page no more work than what it shows, however long the log is", () => {
    const log = new LogText();
    const told = workOf(() => {
      for (let i = 0; i < 20_000; i++) log.append(`${i} ${"x".repeat(100)}\r`);
      for (let i = 0; i < 20_000; i++) log.append(`${i} ${"x".repeat(100)}\n`);
    });
    expect(told).toBeLessThan(40 * 40_000 * 100);
    expect(workOf(() => log.plainEnd())).toBeLessThan(3 * mostPlain);
  });
});
