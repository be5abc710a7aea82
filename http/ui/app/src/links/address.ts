/// A git host's or a page's address, taken apart.

export interface Address {
  scheme: string;
  host: string;
  /** as written, with user (ssh only) and port, without passwords */
  authority: string;
  /** host and port */
  site: string;
  /** without the empty ones, still escaped */
  parts: string[];
  query: URLSearchParams;
  /** the text itself where it has the short form `user@host:path`; else "" */
  shortForm: string;
}

const form = /^(https?|ssh|git):\/\/(?:([^/?#]*)@)?([^/?#@:[\]]+|\[[0-9a-f:.]+\])(:\d+)?(?:\/([^?#]*))?(?:\?([^#]*))?(?:#.*)?$/i;

/** A URL, or a git host's `user@host:path`, taken apart; null for other text. A host without scheme needs a dot. */
export function readAddress(text: string): Address | null {
  const short = /^([\w.-]+)@([\w.-]+):(?!\/)([^\s?#]+)$/.exec(text);
  const found = form.exec(short ? `ssh://${short[1]}@${short[2]}/${short[3]}` : withScheme(text));
  if (!found) return null;
  const [, scheme, user = "", host, port = "", path = "", query = ""] = found;
  const kept = /^ssh$/i.test(scheme!) ? user.replace(/:.*$/, "") : "";
  return {
    scheme: scheme!.toLowerCase(),
    host: host!.toLowerCase(),
    authority: `${kept ? `${kept}@` : ""}${host}${port}`,
    site: host!.toLowerCase() + port,
    parts: path.split("/").filter((part) => part !== ""),
    query: new URLSearchParams(query),
    shortForm: short ? text : "",
  };
}

const withScheme = (text: string) => (/^(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?\//i.test(text) ? `https://${text}` : text);
