import { linkOfBadge } from "./badge_link";
import { type Named, readCommand } from "./command";

/// From what people paste to a plain address: without commands, quotes and marks around it.

export interface Pasted extends Named {
  /** Whether blanks in it were escaped, as a browser does with those of a path. */
  hadBlanks: boolean;
  /** false where it was found among words */
  certain: boolean;
}

const longest = 4_000;

// Marks that change the direction of text, and what has no width, are invisible and mean nothing here.
const invisible = /[\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

// What stands in no address, half characters among it. A blank may be one that somebody typed or that was unescaped.
// eslint-disable-next-line no-control-regex
const neverInAddress = /\p{Surrogate}|[\x00-\x1f\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/u;

const pairs: Record<string, string> = { ")": "(", "]": "[" };

/** Null where the text holds no single address. */
export function readPasted(text: string): Pasted | null {
  if (text.length > longest) return null;
  const whole = text.replace(invisible, "").trim();
  const badge = linkOfBadge(whole);
  const command = badge ? null : readCommand(whole);
  const found = badge || command ? "" : foundInWords(whole);
  const bare = badge ?? withoutMarks(command ? command.text : found || whole.replace(/^doi:?\s+/i, ""));
  const ref = command?.ref ?? "";
  if (bare === "" || neverInAddress.test(bare) || neverInAddress.test(ref) || / \S*:\/\//.test(bare)) return null;
  return { text: bare.replace(/ /g, "%20"), ref, hadBlanks: bare.includes(" "), certain: found === "" };
}

/** The address in what `git remote -v` tells, or behind words such as "Code:"; "" where there is none. */
function foundInWords(text: string): string {
  const remote = /^[\w.-]+\s+(\S+)\s+\((?:fetch|push)\)/.exec(text)?.[1];
  return remote ?? /^[^/@]*\s([^\w\s]{0,5}(?:https?|ssh|git):\/\/\S+)$/i.exec(text)?.[1] ?? "";
}

/** Without quotes and brackets around it, and without what ends a sentence; closing brackets of its own are kept. */
function withoutMarks(text: string): string {
  const rest = text.replace(/^[<"'`*([\u2018-\u201f\u00ab\u00bb]+/, "");
  const surplus: Record<string, number> = {};
  for (const [closing, opening] of Object.entries(pairs)) surplus[closing] = rest.split(closing).length - rest.split(opening).length;
  let end = rest.length;
  for (; end > 0; end -= 1) {
    const last = rest[end - 1]!;
    if (last in pairs ? surplus[last]!-- <= 0 : !/[>"'`*,;:.!\s\u2018-\u201f\u00ab\u00bb]/.test(last)) break;
  }
  return rest.slice(0, end);
}
