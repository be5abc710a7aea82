/// From what people paste to a plain address: without commands, quotes and marks around it, and without secrets.

const longest = 4_000;

export interface Pasted {
  text: string;
  /** what a pasted `git clone -b` names */
  ref: string;
}

/** Null where the text holds no single address. */
export function readPasted(text: string): Pasted | null {
  if (text.length > longest) return null;
  // Marks that change the direction of text, and what has no width, are invisible and mean nothing here.
  let rest = text.replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, "").trim();
  let ref = "";
  const badge = linkOfBadge(rest);
  if (badge) return { text: badge, ref };
  const command = /^(?:\$\s+)?git\s+clone\s+(.+)$/.exec(rest) ?? /^(?:\$\s+)?gh\s+repo\s+clone\s+(\S+)/.exec(rest);
  if (command) {
    const words = command[1]!.split(/\s+/);
    const branch = words.findIndex((word) => word === "-b" || word === "--branch");
    if (branch >= 0) ref = words.splice(branch, 2)[1] ?? "";
    const long = words.findIndex((word) => word.startsWith("--branch="));
    if (long >= 0) ref = words.splice(long, 1)[0]!.slice("--branch=".length);
    rest = words.filter((word, i) => !word.startsWith("-") && !/^\d+$/.test(words[i - 1] === "--depth" ? word : ""))[0] ?? "";
  }
  rest = rest.replace(/^[<"'`(\[]+/, "").replace(/[>"'`)\],;]+$/, "");
  // eslint-disable-next-line no-control-regex
  if (rest === "" || /[\x00-\x20\x7f]/.test(rest)) return null;
  return { text: rest.replace(/^git\+(?=https?:|ssh:|git:)/, ""), ref };
}

/** The link of a badge as it stands in Markdown, HTML or reStructuredText; null where the text is none. */
function linkOfBadge(text: string): string | null {
  const found =
    /^\[!\[[^\]]*\]\([^)]*\)\]\(\s*([^\s)]+)[^)]*\)$/.exec(text) ??
    /^<a\s[^>]*href\s*=\s*["']([^"']+)["'][^>]*>\s*<img\b/i.exec(text) ??
    /^\.\.\s+image::[^\n]*\n(?:[^\n]*\n)*?\s*:target:\s*(\S+)/.exec(text);
  return found ? found[1]!.replace(/&amp;/g, "&") : null;
}

export interface Address {
  scheme: string;
  host: string;
  /** with the port, without user and password */
  authority: string;
  /** without the first and the last slash, still escaped */
  parts: string[];
  query: URLSearchParams;
}

/** A URL, or a git host's `user@host:path`, taken apart; null for other text. A host without scheme needs a dot. */
export function readAddress(text: string): Address | null {
  const scp = /^(?:[\w.-]+@)([\w.-]+):(?!\/)([^\s?#]+)$/.exec(text);
  const whole = scp
    ? `ssh://${scp[1]}/${scp[2]}`
    : /^[a-z][a-z0-9+.-]*:/i.test(text)
      ? text
      : /^(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?\//i.test(text)
        ? `https://${text}`
        : "";
  const found = /^(https?|ssh|git):\/\/(?:[^/?#@]*@)?([^/?#@:]+|\[[0-9a-f:.]+\])(:\d+)?(?:[/]([^?#]*))?(?:\?([^#]*))?(?:#.*)?$/i.exec(whole);
  if (!found) return null;
  const host = found[2]!.toLowerCase();
  return {
    scheme: found[1]!.toLowerCase(),
    host,
    authority: host + (found[3] ?? ""),
    parts: (found[4] ?? "").split("/").filter((part) => part !== ""),
    query: new URLSearchParams(found[5] ?? ""),
  };
}
