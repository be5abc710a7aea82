import type { Address } from "./address";
import { unescapedOnce } from "./escapes";
import { gitlab, withoutEnding } from "./forge_pages";
import { type Understood, understood } from "./understood";

/// Addresses of any git host: which part is the repository's, and what else the address says.

/** Where a host's pages of files begin, after how many parts of the repository. */
const pages: [after: number, marks: string[], refIn: (rest: string[]) => { ref: string; path: string[] }][] = [
  // Gitea and Forgejo
  [2, ["src/branch", "src/tag", "src/commit", "raw/branch", "raw/tag", "raw/commit"], ([ref = "", ...path]) => ({ ref, path })],
  [2, ["commits/branch", "commits/tag", "releases/tag"], (rest) => ({ ref: rest.join("/"), path: [] })],
  // sourcehut, whose paths stand behind a mark, and others that do as GitHub does
  [2, ["tree"], ([ref = "", ...path]) => ({ ref, path: path[0] === "item" ? path.slice(1) : path })],
  // Bitbucket, and others that do as GitHub does
  [2, ["src", "blob", "raw"], ([ref = "", ...path]) => ({ ref, path })],
  [2, ["commits", "commit"], ([ref = ""]) => ({ ref, path: [] })],
  // Hugging Face's datasets
  [3, ["tree", "blob", "resolve"], ([ref = "", ...path]) => ({ ref, path })],
];

/** Hosts whose repositories have two names each; whatever stands behind them is a page. */
const hostOfTwoNames = /^(?:bitbucket\.org|codeberg\.org|gitea\.com|notabug\.org|gitee\.com|git\.sr\.ht)$/;

/** What no repository is named, but files are. */
const isFile = (name: string) => /\.(?:ipynb|zip|tgz|tar|gz|html?|pdf)$/i.test(name);

/** The address as one of a repository that can be cloned. */
export function readGitAddress(address: Address): Understood | null {
  const { scheme, authority, parts, shortForm } = address;
  if (parts.length === 0 || parts.some((part) => /^\.\.?$/.test(unescapedOnce(part)))) return null;
  if (shortForm) return understood("git", shortForm);
  const url = (path: string) => `${scheme}://${authority}/${path}`;
  if (!/^https?$/.test(scheme) || parts.at(-1)!.endsWith(".git")) return understood("git", url(parts.join("/")));
  // A GitLab of somebody's own: nobody else puts a lone dash before what is shown.
  const own = parts.includes("-") ? gitlab(parts) : null;
  if (own) return understood("git", url(parts.slice(0, parts.indexOf("-")).join("/")), { ref: own.ref ?? "", path: own.path ?? "" });
  const azure = readAzure(address);
  if (azure) return azure;
  for (const [after, marks, refIn] of pages)
    for (const mark of marks) {
      const words = mark.split("/");
      if (parts.length <= after + words.length || words.some((word, i) => parts[after + i] !== word)) continue;
      const { ref, path } = refIn(parts.slice(after + words.length));
      return understood("git", url(parts.slice(0, after).join("/")), { ref: unescapedOnce(ref), path: path.map(unescapedOnce).join("/") });
    }
  const [user, name, page = "", ...rest] = parts;
  const last = rest.at(-1) ?? "";
  const ref = unescapedOnce(withoutEnding(rest.join("/")));
  // A group may be named like these, but no repository in it as an archive is.
  if (/^(?:archive|get)$/.test(page) && withoutEnding(last) !== last) return understood("git", url(`${user}/${name}`), { ref });
  if (hostOfTwoNames.test(address.host)) return name ? understood("git", url(`${user}/${name}`), { ref: page === "branch" ? ref : "" }) : null;
  if (address.host === "huggingface.co") return understood("git", url(parts.slice(0, /^(?:datasets|spaces)$/.test(parts[0]!) ? 3 : 2).join("/")));
  return isFile(parts.at(-1)!) ? null : understood("git", url(parts.join("/")));
}

/** Azure DevOps: `…/_git/<repository>?path=/a.ipynb&version=GBmain`, with B for branches, T for tags, C for commits. */
function readAzure({ scheme, authority, parts, query }: Address): Understood | null {
  const at = parts.indexOf("_git");
  if (at < 0 || at + 1 >= parts.length) return null;
  const ref = /^G[BTC](.+)$/.exec(query.get("version") ?? "")?.[1] ?? "";
  const path = (query.get("path") ?? "").replace(/^\/+/, "");
  return understood("git", `${scheme}://${authority}/${parts.slice(0, at + 2).join("/")}`, { ref, path });
}
