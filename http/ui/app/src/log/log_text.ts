import { say } from "../words/say";

/// The log of a launch: pieces as they came, with their colours. Kept apart from what shows it, so that a log nobody
/// looks at costs nothing but its bytes.

export const mostLines = 100_000;
const mostCharacters = 24_000_000;

type Watcher = (piece: string) => void;

export class LogText {
  lines = 0;
  /** The last line that says something, without colours. */
  last = "";
  private pieces: { text: string; lines: number }[] = [];
  private first = 0;
  private characters = 0;
  private cut = false;
  private watchers = new Set<Watcher>();

  append(message: string): void {
    if (message === "") return;
    const text = message.endsWith("\n") || message.endsWith("\r") ? message : `${message}\n`;
    const lines = countBreaks(text);
    this.pieces.push({ text, lines });
    this.lines += lines;
    this.characters += text.length;
    while ((this.lines > mostLines || this.characters > mostCharacters) && this.first < this.pieces.length - 1) {
      const oldest = this.pieces[this.first]!;
      this.pieces[this.first++] = { text: "", lines: 0 };
      this.lines -= oldest.lines;
      this.characters -= oldest.text.length;
      this.cut = true;
    }
    if (this.first > 4096 && this.first * 2 > this.pieces.length) {
      this.pieces = this.pieces.slice(this.first);
      this.first = 0;
    }
    const said = lastLine(text);
    if (said) this.last = said;
    for (const watcher of this.watchers) watcher(text);
  }

  /** What was said so far, oldest first. */
  *kept(): Generator<string> {
    if (this.cut) yield `${say("log.cut")}\n`;
    for (let i = this.first; i < this.pieces.length; i++) yield this.pieces[i]!.text;
  }

  /** Without colours. */
  plain(): string {
    return withoutControls([...this.kept()].join(""));
  }

  /** Calls `watcher` with each further piece, until the returned function is called. */
  watch(watcher: Watcher): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }
}

function countBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

/** Text as a terminal would leave it, roughly: no escape sequences, and of lines written over, the last. */
export function withoutControls(text: string): string {
  return text
    // eslint-disable-next-line no-control-regex
    .replace(/\x1b(?:\[[0-9;:?<=>]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])/g, "")
    .replace(/\r+\n/g, "\n")
    .replace(/[^\n]*\r/g, "")
    // eslint-disable-next-line no-control-regex
    .replace(/[\x00-\x08\x0b-\x1f\x7f]/g, "");
}

function lastLine(text: string): string {
  const lines = withoutControls(text.slice(-4096)).split("\n");
  for (let i = lines.length - 1; i >= 0; i--) {
    const line = lines[i]!.trim();
    if (line) return line.slice(0, 300);
  }
  return "";
}
