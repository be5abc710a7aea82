import type { Address } from "./address";
import { unescapedOnce } from "./escapes";
import type { PathKind } from "./understood";

/// Links within links: what other services' addresses lead to.

export interface Wrapped {
  text: string;
  /** What the address around it says; undefined where that is what the text within says. */
  ref?: string;
  path?: string;
  pathKind?: PathKind;
}

/** What an address leads to, where it only leads on; null for others. Never what a Binder link leads to. */
export function readWrapped(address: Address): Wrapped | null {
  if (!/^https?$/.test(address.scheme)) return null;
  const { host, parts, query, fragment } = address;
  const inner = (text: string | null | undefined) => (text ? { text } : null);
  const rest = (from: number) => parts.slice(from).map(unescapedOnce).join("/");
  if (parts.at(-1) === "git-pull" && query.has("repo")) return readPuller(query);
  switch (host.replace(/^www\./, "")) {
    case "google.com":
      return parts[0] === "url" ? inner(query.get("q") ?? query.get("url")) : null;
    case "kaggle.com":
      return inner(query.get("src"));
    case "deepnote.com":
      return inner(query.get("url"));
    case "htmlpreview.github.io":
      // The whole query is the address.
      return inner([...query.keys()][0]);
    case "gitpod.io":
      return inner(/https?:.*$/.exec(unescapedOnce(fragment))?.[0]);
    case "sourcegraph.com":
      return inner(/^git(?:hub|lab)\.com$/.test(parts[0] ?? "") ? parts.join("/").replace(/\/-\/.*$/, "") : "");
    case "web.archive.org":
      return parts[0] === "web" ? inner(withSlashes(rest(2))) : null;
    case "nbviewer.org":
    case "nbviewer.jupyter.org":
    case "nbviewer.ipython.org":
      return /^urls?$/.test(parts[0] ?? "") && /^(?:raw\.|gist\.)?git(?:hub|hubusercontent|lab)\.com$/.test(parts[1] ?? "") ? inner(`https://${parts.slice(1).join("/")}`) : null;
    default:
      return /\.safelinks\.protection\.outlook\.com$/.test(host) ? inner(query.get("url")) : null;
  }
}

/** Empty parts are lost where an address is taken apart. */
const withSlashes = (text: string) => text.replace(/^(https?):\/+/i, "$1://");

/** An nbgitpuller link. It puts the repository into a folder, which a launch makes the start of everything. */
function readPuller(query: URLSearchParams): Wrapped {
  const text = query.get("repo")!.trim().replace(/\/$/, "");
  const ref = query.get("branch") ?? "";
  const inRepository = query.get("subPath") ?? query.get("subpath");
  if (inRepository) return { text, ref, path: inRepository };
  const wanted = (query.get("urlpath") ?? query.get("urlPath") ?? "").replace(/^\/+/, "");
  const file = /^(?:(?:lab|doc|retro)(?:\/workspaces\/[^/]*)?\/tree|tree|notebooks|edit)\/([^?#]*)/.exec(wanted)?.[1];
  if (file === undefined) return { text, ref, path: wanted, pathKind: "urlpath" };
  const folder = query.get("targetPath") ?? query.get("targetpath") ?? text.replace(/^.*[/:]/, "").replace(/\.git$/, "");
  const path = unescapedOnce(file).replace(/\/$/, "");
  return { text, ref, path: path === folder ? "" : path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path };
}
