import { refOfFragment } from "./ref_names";

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
  fragment: string;
  /** What a clone's address itself says (`r.git@v1`, `r.git#v1`); "" where it says none */
  ref: string;
  /** the text itself, without its ref, where it has the short form `user@host:path`; else "" */
  shortForm: string;
}

const form = /^(https?|ssh|git):\/\/(?:([^/?#]*)@)?([^/?#@:[\]]+|\[[0-9a-f:.]+\])(:\d+)?(?:\/([^?#]*))?(?:\?([^#]*))?(?:#(.*))?$/i;

/** A URL, or a git host's `user@host:path`, taken apart; null for other text. A host without scheme needs a dot. */
export function readAddress(text: string): Address | null {
  const short = /^([\w.-]+)@([\w.-]+):(?!\/)([^\s?#]+)(?:#(\S*))?$/.exec(withUser(text));
  const found = form.exec(short ? `ssh://${short[1]}@${short[2]}/${short[3]}${short[4] ? `#${short[4]}` : ""}` : withScheme(text));
  if (!found) return null;
  const [, scheme, user = "", host, port = "", path = "", query = "", fragment = ""] = found;
  const kept = /^ssh$/i.test(scheme!) ? user.replace(/:.*$/, "") : "";
  const { parts, ref } = withoutRef(path.split("/").filter((part) => part !== ""));
  // On a page, a fragment is a place: only what git alone reads has none.
  const clone = !/^https?$/i.test(scheme!) || parts.at(-1)?.endsWith(".git") === true;
  return {
    scheme: scheme!.toLowerCase(),
    host: host!.toLowerCase(),
    authority: `${kept ? `${kept}@` : ""}${host}${port}`,
    site: host!.toLowerCase() + port,
    parts,
    query: new URLSearchParams(query),
    fragment,
    ref: ref || (clone ? refOfFragment(fragment) : ""),
    shortForm: short ? `${short[1]}@${short[2]}:${short[3]!.replace(/(\.git)@.*$/, "$1")}` : "",
  };
}

/** `r.git@v1`, as pip writes it: no repository's name holds that. */
function withoutRef(parts: string[]): { parts: string[]; ref: string } {
  const at = parts.findIndex((part) => /.\.git@./.test(part));
  if (at < 0) return { parts, ref: "" };
  const [, repo, ref] = /^(.+?\.git)@(.+)$/.exec(parts[at]!)!;
  return { parts: [...parts.slice(0, at), repo!], ref: [ref!, ...parts.slice(at + 1)].join("/") };
}

const withScheme = (text: string) =>
  /^(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?\//i.test(text)
    ? `https://${text}`
    : // `ssh://git@host:user/repo`, between the short form and the long one
      text.replace(/^((?:ssh|git):\/\/(?:[^/?#@]*@)?[^/?#@:]+):(?=[a-z~_][^/@]*\/)/i, "$1/");

const withUser = (text: string) => text.replace(/^(?=(?:gist\.)?git(?:hub|lab)\.com:(?![/\d]))/i, "git@");
