import { unescapedOnce } from "./escapes";

/// What the pages of GitHub, Gist and GitLab show, from the parts of their addresses.

export interface Shown {
  repo: string;
  ref?: string;
  path?: string;
}

const plain = (parts: string[]) => parts.map(unescapedOnce).join("/");
const bare = (repo: string) => repo.replace(/\.git$/, "");
/** Names that a browser would take for steps, or whose escaped slash would make them two. */
const isName = (name: string) => name !== "" && name !== "." && name !== ".." && !name.includes("/");

const pagesOfGithub = /^(?:orgs|users|topics|settings|sponsors|marketplace|search|notifications|login|apps|features|collections|enterprise|explore|trending)$/;

/** Where the ref ends and the path begins, only the repository knows: most refs have one part. */
function refAndPath(parts: string[]): { ref: string; path: string } {
  const [first = "", kind, name, ...rest] = parts;
  if (first === "refs" && /^(?:heads|tags)$/.test(kind ?? "") && name) return { ref: unescapedOnce(name), path: plain(rest) };
  return { ref: unescapedOnce(first), path: plain(parts.slice(1)) };
}

/** User, repository, and what of it is shown. */
export function github([user, name, page, ...rest]: string[]): Shown | null {
  const [owner, title] = [unescapedOnce(user ?? ""), bare(unescapedOnce(name ?? ""))];
  if (!isName(owner) || !isName(title) || pagesOfGithub.test(owner)) return null;
  const repo = `${owner}/${title}`;
  const [first = ""] = rest;
  switch (page) {
    case "tree":
    case "blob":
    case "raw":
    case "edit":
    case "blame":
      return { repo, ...refAndPath(rest) };
    case "commits":
      return { repo, ref: refAndPath(rest).ref };
    case "commit":
      return { repo, ref: unescapedOnce(first) };
    case "releases":
      return first === "tag" ? { repo, ref: plain(rest.slice(1)) } : { repo };
    case "pull":
      return /^\d+$/.test(first) ? { repo, ref: `refs/pull/${first}/head` } : { repo };
    default:
      return { repo };
  }
}

const withPath = ["tree", "blob", "raw", "edit", "blame"];
const withRef = [...withPath, "commit", "commits", "tags", "releases", "merge_requests"];
const pagesOfGitlab = /^(?:-|groups|users|explore|dashboard|help|admin|api|search)$/;

/** Groups, project, and what of it is shown. */
export function gitlab(parts: string[]): Shown | null {
  const dash = parts.indexOf("-");
  // Older addresses have no dash before what is shown.
  const old = parts.findIndex((part, i) => i >= 2 && i + 1 < parts.length && (withRef.includes(part) || (part === "issues" && /^\d+$/.test(parts[i + 1]!))));
  const end = dash >= 0 ? dash : old >= 0 ? old : parts.length;
  const names = parts.slice(0, end).map(unescapedOnce);
  if (names.length < 2 || !names.every(isName) || pagesOfGitlab.test(names[0]!)) return null;
  const repo = bare(names.join("/"));
  const [kind = "", ...rest] = parts.slice(dash >= 0 ? end + 1 : end);
  if (kind === "merge_requests") return /^\d+$/.test(rest[0] ?? "") ? { repo, ref: `refs/merge-requests/${rest[0]}/head` } : { repo };
  if (!withRef.includes(kind) || !rest[0]) return { repo };
  const { ref, path } = refAndPath(rest);
  return withPath.includes(kind) ? { repo, ref, path } : { repo, ref };
}

const isCommit = (text: string | undefined): text is string => /^[0-9a-f]{40}$/i.test(text ?? "");

/** User, id of the gist, and what of it is shown. */
export function gist([user, id, next, sha, ...file]: string[]): Shown | null {
  const owner = unescapedOnce(user ?? "");
  if (!isName(owner) || !/^[0-9a-f]{5,}(?:\.git)?$/i.test(id ?? "")) return null;
  const repo = `${owner}/${bare(id!)}`;
  if (next === "raw") return isCommit(sha) ? { repo, ref: sha, path: plain(file) } : { repo, path: plain([sha ?? "", ...file]) };
  return isCommit(next) ? { repo, ref: next } : { repo };
}
