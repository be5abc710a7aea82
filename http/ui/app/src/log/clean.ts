/// What a build says is read as text. Of all that terminals obey, only what colours text and what draws progress gets
/// through; links, titles, other screens, reports of the mouse, the clipboard and whatever else there is do not.

/** Colours; moves of the cursor, as progress is drawn with; erasing in the line, and below the cursor. */
const allowed = /^\[(?:[\d;:]{0,64}m|\d{0,4}[A-GK]|0?J)$/;
/** What gets through that is not text. */
const drawing = /[\b]|\x1b\[[\d;:]{0,64}[A-GJKm]/g;
/** No sequence is that long: what follows is text again. */
const longestSequence = 4096;

const control = /[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f]/g; // not \b \t \n \r
const endOfString = /[\x07\n\r\x18\x1a\x1b\x9c]/g;

/** Cleans a text that comes in pieces, wherever they were cut. */
export class Cleaner {
  private place: "text" | "escape" | "control" | "string" = "text";
  /** What was read of a sequence that is not a string, without its ESC. */
  private sequence = "";
  /** How much more may belong to the sequence. */
  private left = 0;

  /** Whether a sequence goes on in the next piece. */
  get amid(): boolean {
    return this.place !== "text";
  }

  /** `text` without any control but `\b`, `\t`, `\n`, `\r` and what is allowed. A sequence without an end ends with its
   *  line, so that it hides no other. */
  clean(text: string): string {
    let out = "";
    let at = 0;
    while (at < text.length) {
      if (this.place === "text") {
        const end = find(control, text, at);
        out += text.slice(at, end);
        at = end + 1;
        if (text[end] === "\x1b") this.begin();
      } else if (this.place === "string") {
        at = this.passString(text, at);
      } else {
        const code = text.charCodeAt(at);
        const whole = this.take(text[at]!, code);
        if (whole !== null) out += whole;
        if (isPart(code)) at++;
      }
    }
    return out;
  }

  private begin(): void {
    this.place = "escape";
    this.sequence = "";
    this.left = longestSequence;
  }

  /** Reads a character of a sequence that is not a string; the sequence, where it is whole and allowed. */
  private take(character: string, code: number): string | null {
    const first = this.place === "escape" && this.sequence === "";
    this.sequence += character;
    if (first && character === "[") this.place = "control";
    else if (first && "]PX^_".includes(character)) this.place = "string";
    else if (!goesOn(this.place, code) || --this.left === 0) {
      const whole = this.place === "control" && allowed.test(this.sequence);
      this.place = "text";
      if (whole) return `\x1b${this.sequence}`;
    }
    return null;
  }

  private passString(text: string, at: number): number {
    const end = Math.min(find(endOfString, text, at), at + this.left);
    this.left -= end - at;
    if (end === text.length && this.left > 0) return end;
    this.place = "text";
    if (this.left === 0 || text[end] === "\n" || text[end] === "\r") return end;
    if (text[end] === "\x1b") this.begin();
    return end + 1;
  }
}

/** Cleaned text without what colours or moves it. */
export const undrawn = (text: string): string => text.replace(drawing, "");

function find(what: RegExp, text: string, from: number): number {
  what.lastIndex = from;
  return what.exec(text)?.index ?? text.length;
}

const isPart = (code: number) => code >= 0x20 && code < 0x7f;
/** Whether a sequence goes on after this character: an escape after what stands between, a control after parameters too. */
const goesOn = (place: string, code: number) => code >= 0x20 && code < (place === "control" ? 0x40 : 0x30);
