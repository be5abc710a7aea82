import { unescapedOnce } from "./escapes";

/// What the pages of GitHub, Gist and GitLab show, from the parts of their addresses.

export interface Shown {
  repo: string;
  ref?: string;
  path?: string;
}

const plain = (parts: string[]) => parts.map(unescapedOnce).join("/");
const bare = (repo: string) => repo.replace(/\.git$/, "");
/** Names that these forges allow; others a browser would take for steps, or whose escaped slash would make them two. */
const isName = (name: string) => /^[\w.-]+$/.test(name) && name !== "." && name !== "..";

const pagesOfGithub =
  /^(?:about|account|advisories|api|apps|codespaces|collections|contact|copilot|customer-stories|dashboard|enterprise|events|explore|features|import|issues|join|login|logout|marketplace|new|notifications|organizations|orgs|pricing|pulls|readme|resources|search|security|sessions|settings|site|solutions|sponsors|stars|topics|trending|users|watching)$/;
const pagesOfGitlab = /^(?:-|groups|users|explore|dashboard|help|admin|api|search|projects|snippets|profile|import)$/;

/** Names that stand where a user's would, but are pages. */
export const isPageOfGithub = (name: string): boolean => pagesOfGithub.test(name);
export const isPageOfGitlab = (name: string): boolean => pagesOfGitlab.test(name);

/** Where the ref ends and the path begins, only the repository knows: most refs have one part. */
function refAndPath(parts: string[]): { ref: string; path: string } {
  const [first = "", kind, name, ...rest] = parts;
  if (first === "refs" && /^(?:heads|tags)$/.test(kind ?? "") && name) return { ref: unescapedOnce(name), path: plain(rest) };
  return { ref: unescapedOnce(first), path: plain(parts.slice(1)) };
}

/** A ref that fills the rest of an address. */
const wholeRef = (parts: string[]) => plain(/^refs\/(?:heads|tags)\/./.test(parts.slice(0, 3).join("/")) ? parts.slice(2) : parts);

/** A text without the ending of an archive's or a patch's file. */
export const withoutEnding = (text: string): string => text.replace(/\.(?:zip|tar|tgz|tar\.(?:gz|bz2|xz|zst)|patch|diff)$/, "");
const refOfFile = (parts: string[]) => withoutEnding(wholeRef(parts));

/** What a comparison leads to: `a...b`, `a...user:b` (in the fork of the same name), `a...user:repo:b`. */
function compared(owner: string, title: string, parts: string[]): Shown {
  const names = refOfFile(parts).replace(/^.*?\.{2,3}/, "").split(":");
  const ref = names.pop() ?? "";
  const [user = owner, fork = title] = names;
  return { repo: isName(user) && isName(fork) ? `${user}/${fork}` : `${owner}/${title}`, ref };
}

/** User, repository, and what of it is shown. */
export function github([user, name, page, ...rest]: string[]): Shown | null {
  const owner = unescapedOnce(user ?? "");
  const [, written = "", at] = /^([^@]*)(?:@(.*))?$/.exec(unescapedOnce(name ?? "")) ?? [];
  const title = bare(written);
  if (!isName(owner) || !isName(title) || isPageOfGithub(owner)) return null;
  const repo = `${owner}/${title}`;
  // No name holds an @: pip, Go and others write a ref behind it.
  if (at) return { repo, ref: [at, plain(page === undefined ? [] : [page, ...rest])].filter(Boolean).join("/") };
  const [first = "", second = "", third = ""] = rest;
  switch (page) {
    case "tree":
    case "blob":
    case "raw":
    case "edit":
    case "blame":
    case "commits":
    case "delete":
      return { repo, ...refAndPath(rest) };
    case "find":
    case "new":
    case "upload":
      return { repo, ref: refAndPath(rest).ref };
    case "commit":
      return { repo, ref: refOfFile([first]) };
    case "archive":
    case "zipball":
    case "tarball":
      return { repo, ref: refOfFile(rest) };
    case "releases":
      if (first === "tag") return { repo, ref: plain(rest.slice(1)) };
      // The file's name comes last.
      return first === "download" && rest.length > 2 ? { repo, ref: plain(rest.slice(1, -1)) } : { repo };
    case "compare":
      return compared(owner, title, rest);
    case "pull": {
      if (second === "commits" && isCommit(third)) return { repo, ref: third };
      const number = /^(\d+)(?:\.(?:patch|diff))?$/.exec(first)?.[1];
      return number ? { repo, ref: `refs/pull/${number}/head` } : { repo };
    }
    default:
      return { repo };
  }
}

const withPath = ["tree", "blob", "raw", "edit", "blame", "commits"];
const withRef = [...withPath, "commit", "tags", "releases", "merge_requests", "archive", "compare", "find_file", "network", "graphs"];
/** Pages that show something at a ref in older addresses, too, which had no dash before them. */
const olderPages = ["tree", "blob", "raw", "edit", "blame", "commit", "commits", "tags", "releases", "merge_requests"];

/** Groups, project, and what of it is shown. */
export function gitlab(parts: string[]): Shown | null {
  const dash = parts.indexOf("-");
  const old = parts.findIndex((part, i) => i >= 2 && i + 1 < parts.length && (olderPages.includes(part) || (part === "issues" && /^\d+$/.test(parts[i + 1]!))));
  const marked = parts.findIndex((part) => part.includes("@"));
  if (marked >= 1 && [dash, old].every((at) => at < 0 || marked < at)) return atRef(parts, marked);
  const end = dash >= 0 ? dash : old >= 0 ? old : parts.length;
  const names = parts.slice(0, end).map(unescapedOnce);
  if (names.length < 2 || !names.every(isName) || isPageOfGitlab(names[0]!)) return null;
  const repo = bare(names.join("/"));
  const [kind = "", ...rest] = parts.slice(dash >= 0 ? end + 1 : end);
  if (kind === "merge_requests") return /^\d+$/.test(rest[0] ?? "") ? { repo, ref: `refs/merge-requests/${rest[0]}/head` } : { repo };
  if (!withRef.includes(kind) || !rest[0]) return { repo };
  if (kind === "archive") return { repo, ref: rest.length > 1 ? wholeRef(rest.slice(0, -1)) : refOfFile(rest) };
  if (kind === "compare") return { repo, ref: wholeRef(rest).replace(/^.*?\.{2,3}/, "") };
  if (kind === "commit") return { repo, ref: refOfFile([rest[0]]) };
  const { ref, path } = refAndPath(rest);
  return withPath.includes(kind) ? { repo, ref, path } : { repo, ref };
}

/** `g/p@v1`, which no project is named. */
function atRef(parts: string[], marked: number): Shown | null {
  const [name = "", ...ref] = unescapedOnce(parts[marked]!).split("@");
  const found = gitlab([...parts.slice(0, marked), name]);
  return found && { ...found, ref: [ref.join("@"), ...parts.slice(marked + 1).map(unescapedOnce)].join("/") };
}

const isCommit = (text = "") => /^[0-9a-f]{40}$/i.test(text);
const isGist = (text = "") => /^[0-9a-f]{5,}(?:\.git|\.js)?$/i.test(text);

/** User, id of the gist, and what of it is shown. */
export function gist([user, id = "", next = "", sha = "", ...file]: string[]): Shown | null {
  const owner = unescapedOnce(user ?? "");
  if (!isName(owner) || !isGist(id)) return null;
  const repo = `${owner}/${id.replace(/\.(?:git|js)$/, "")}`;
  if (next === "raw") return isCommit(sha) ? { repo, ref: sha, path: plain(file) } : { repo, path: plain([sha, ...file]) };
  if (next === "archive") return sha ? { repo, ref: refOfFile([sha]) } : { repo };
  if (isCommit(next)) return { repo, ref: next, path: plain([sha, ...file]) };
  // nbviewer and Colab name the file.
  return next.endsWith(".ipynb") ? { repo, path: unescapedOnce(next) } : { repo };
}

/** The id of a gist whose address names no user, as those to clone it by do; "" where it is none. */
export const gistWithoutUser = ([id = "", ...more]: string[]): string =>
  more.length === 0 ? (/^([0-9a-f]{20}|[0-9a-f]{32})(?:\.git|\.js)?$/i.exec(id)?.[1] ?? "") : "";
