import { linkOfBadge } from "./badge_link";
import { type Named, readCommand } from "./command";

/// From what people paste to a plain address: without commands, quotes and marks around it.

const longest = 4_000;

// Marks that change the direction of text, and what has no width, are invisible and mean nothing here.
const invisible = /[\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

// What stands in no address, half characters among it.
// eslint-disable-next-line no-control-regex
const blankOrControl = /\p{Surrogate}|[\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/u;

const pairs: Record<string, string> = { ")": "(", "]": "[" };

/** Null where the text holds no single address. */
export function readPasted(text: string): Named | null {
  if (text.length > longest) return null;
  const whole = text.replace(invisible, "").trim();
  const badge = linkOfBadge(whole);
  const named = (badge ? null : readCommand(whole)) ?? { text: whole.replace(/^doi:?\s+/i, ""), ref: "" };
  const bare = badge ?? withoutMarks(named.text);
  return bare === "" || blankOrControl.test(bare + named.ref) ? null : { text: bare, ref: named.ref };
}

/** Without quotes and brackets around it, and without what ends a sentence; closing brackets of its own are kept. */
function withoutMarks(text: string): string {
  const rest = text.replace(/^[<"'`([\u2018-\u201f\u00ab\u00bb]+/, "");
  const surplus: Record<string, number> = {};
  for (const [closing, opening] of Object.entries(pairs)) surplus[closing] = rest.split(closing).length - rest.split(opening).length;
  let end = rest.length;
  for (; end > 0; end -= 1) {
    const last = rest[end - 1]!;
    if (last in pairs ? surplus[last]!-- <= 0 : !/[>"'`,;.\u2018-\u201f\u00ab\u00bb]/.test(last)) break;
  }
  return rest.slice(0, end);
}
