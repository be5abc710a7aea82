import { undrawn } from "./clean";

/// Cleaned text as a terminal would leave it, roughly: without colours, and of a line written over, the last.

/** Grows piece by piece; each piece is looked at once. */
export class PlainText {
  /** Whole lines. */
  private lines = "";
  /** The line that is not ended yet. */
  private line = "";
  /** Whether what comes next writes over that line. */
  private over = false;
  /** The last whole line that says something. */
  private said = "";
  private characters = 0;

  /** Of more than `most` characters, it has the last. */
  constructor(private most = Infinity) {}

  add(piece: string): void {
    const text = undrawn(piece);
    let at = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", at)) {
      this.write(text.slice(at, end));
      this.endLine();
      at = end + 1;
    }
    this.write(text.slice(at));
    // Now and then, so that each character is moved no more than once, on average.
    if (this.lines.length > 2 * this.most) this.lines = lastOf(this.lines, this.most);
    if (this.line.length > 2 * this.most) this.line = lastOf(this.line, this.most);
  }

  /** Whether what was added last neither ended its line nor went back to its start. */
  get open(): boolean {
    return this.line !== "" && !this.over;
  }

  /** The last line that says something; not all of a long one. */
  get last(): string {
    return (saysSomething(this.line) ? this.line : this.said).trim().slice(0, 300);
  }

  /** Whether there was more than it has. */
  get cut(): boolean {
    return this.characters + this.line.length > this.most;
  }

  toString(): string {
    const all = this.lines + this.line;
    return all.length > this.most ? lastOf(all, this.most) : all;
  }

  private write(text: string): void {
    if (text === "") return;
    let end = text.length;
    while (text[end - 1] === "\r") end--;
    if (end > 0) {
      const start = text.lastIndexOf("\r", end - 1) + 1;
      const written = text.slice(start, end);
      this.line = start > 0 || this.over ? written : this.line + written;
    }
    this.over = end < text.length;
  }

  private endLine(): void {
    if (saysSomething(this.line)) this.said = this.line;
    this.lines += `${this.line}\n`;
    this.characters += this.line.length + 1;
    this.line = "";
    this.over = false;
  }
}

const saysSomething = (line: string) => /\S/.test(line);

/** The last `length` characters, or less where a line starts there. */
function lastOf(text: string, length: number): string {
  const start = text.length - length;
  const line = text.indexOf("\n", start) + 1;
  return text.slice(line > 0 && line < start + length / 2 ? line : start);
}
