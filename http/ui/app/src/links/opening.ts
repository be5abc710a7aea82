import { escaped, unescapedOnce } from "./escapes";
import type { PathKind } from "./understood";

/// How a link says what to open on the server.
///
/// BinderHub's pages put a `labpath` and a `filepath` into an address without escaping `#` and `?`, which end a path there:
/// what stands behind them names a place in a file, not the file. An `urlpath` is put there as it stands.

type OfFile = Exclude<PathKind, "urlpath">;

const endsAPath = /[#?]/;
const hasEnding = /\.[a-z]\w*$/i;

/** Whether a path reads like a file and a place in it (`a.ipynb#Results`), not like a file's name (`a#b.ipynb`). */
export function namesAPlace(path: string): boolean {
  const at = path.search(endsAPath);
  const place = path.slice(at + 1);
  return at >= 0 && place !== "" && hasEnding.test(path.slice(0, at)) && !hasEnding.test(place);
}

/** The address on the server at which a file or folder opens, whatever its name. */
export function addressOfFile(path: string, kind: OfFile): string {
  const whole = encodeURI(path.replace(/\p{Surrogate}/gu, "\ufffd").replace(/\/$/, ""));
  return `${kind === "labpath" ? "doc/tree" : "tree"}/${whole.replace(/#/g, "%23").replace(/\?/g, "%3F")}`;
}

/** The file that opens at an address which `addressOfFile` made because the file's name has such marks; null for others. */
export function fileAt(address: string): { path: string; pathKind: OfFile } | null {
  const [, start, rest = ""] = /^(doc\/tree|tree)\/(.+)$/.exec(address) ?? [];
  const pathKind = start === "tree" ? "filepath" : "labpath";
  const path = unescapedOnce(rest);
  return endsAPath.test(path) && !namesAPlace(path) && addressOfFile(path, pathKind) === address ? { path, pathKind } : null;
}

/** The query of a link, with its question mark; "" where there is nothing to open. */
export function queryOf(path: string, kind: PathKind): string {
  if (!path) return "";
  if (kind === "urlpath" || !endsAPath.test(path) || namesAPlace(path)) return `?${kind}=${escaped(path)}`;
  return `?urlpath=${escaped(addressOfFile(path, kind))}`;
}
