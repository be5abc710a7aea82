import { say } from "../words/say";
import { Cleaner } from "./clean";
import { PlainText } from "./plain_text";

/// The log of a launch: pieces as they came, with their colours. Kept apart from what shows it, so that a log nobody
/// looks at costs little but its bytes. What is kept is clean: whoever shows it need not fear it.

export const mostLines = 100_000;
const mostCharacters = 24_000_000;
/** More than this is too much for a page as plain text; the file that can be saved has all of it. */
export const mostPlain = 400_000;

type Watcher = (piece: string) => void;

export class LogText {
  lines = 0;
  private pieces: { text: string; lines: number }[] = [];
  private first = 0;
  private characters = 0;
  private cut = false;
  private watchers = new Set<Watcher>();
  private cleaner = new Cleaner();
  private newest = new PlainText(mostPlain);

  /** A piece ends its line, unless it goes back to the line's start or stops amid a sequence. */
  append(message: string): void {
    let text = this.cleaner.clean(message);
    this.newest.add(text);
    if (this.newest.open && !this.cleaner.amid) {
      text += "\n";
      this.newest.add("\n");
    }
    if (text === "") return;
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
    for (const watcher of this.watchers) watcher(text);
  }

  /** What was said so far, oldest first. */
  *kept(): Generator<string> {
    if (this.cut) yield `${say("log.cut")}\n`;
    for (let i = this.first; i < this.pieces.length; i++) yield this.pieces[i]!.text;
  }

  /** The last line that says something, without colours. */
  get last(): string {
    return this.newest.last;
  }

  /** All that is kept, without colours. */
  plain(): string {
    const text = new PlainText();
    for (const piece of this.kept()) text.add(piece);
    return text.toString();
  }

  /** The end of that, as much as a page can show as plain text. */
  plainEnd(): string {
    return this.newest.cut ? `${say("log.cut")}\n${this.newest}` : this.newest.toString();
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
