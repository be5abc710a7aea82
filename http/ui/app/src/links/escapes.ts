/// Percent-escapes, from a link to what people see and back.

// Control characters, and marks that change the direction of text.
// eslint-disable-next-line no-control-regex
const unseen = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** Escapes undone once; text with escapes that are none, or that would show as something else, is left as it is. */
export function unescapedOnce(text: string): string {
  try {
    const plain = decodeURIComponent(text);
    return unseen.test(plain) ? text : plain;
  } catch {
    return text;
  }
}

/** Escaped as one part of a link, whatever the text: half characters, which no link can hold, become U+FFFD. */
export const escaped = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd"));
