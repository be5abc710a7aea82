import type { Address } from "./pasted";
import type { Provider } from "./provider";
import { hostOf, offers, type Understood, understood, unescapedOnce } from "./understood";

/// Addresses of GitHub, Gist and GitLab, and of pages that show what lies there.

const plain = (parts: string[]) => parts.map(unescapedOnce).join("/");
const bare = (repo: string) => repo.replace(/\.git$/, "");

/** A repository of GitHub's from its parts: user, repository, and what of it is shown. */
function github(parts: string[]): Partial<Understood> & { repo: string } | null {
  const [user, repo, page, ...rest] = parts;
  if (!user || !repo) return null;
  const found = { repo: `${unescapedOnce(user)}/${bare(unescapedOnce(repo))}` };
  const [first, ...others] = rest;
  switch (page) {
    // Where the ref ends and the path begins, only the repository knows: refs mostly have one part.
    case "tree":
    case "blob":
    case "raw":
    case "edit":
    case "blame":
    case "commits":
      if (first === "refs" && (others[0] === "heads" || others[0] === "tags") && others[1])
        return { ...found, ref: unescapedOnce(others[1]), path: plain(others.slice(2)) };
      return { ...found, ref: unescapedOnce(first ?? ""), path: page === "commits" ? "" : plain(others) };
    case "commit":
      return { ...found, ref: unescapedOnce(first ?? "") };
    case "releases":
      return { ...found, ref: first === "tag" ? plain(others) : "" };
    case "pull":
      return { ...found, ref: /^\d+$/.test(first ?? "") ? `refs/pull/${first}/head` : "" };
    default:
      return found;
  }
}

function gitlab(parts: string[]): Partial<Understood> & { repo: string } | null {
  const kinds = ["tree", "blob", "raw", "edit", "commit", "commits", "tags", "merge_requests", "blame"];
  const dash = parts.indexOf("-");
  // Older addresses have no dash before what is shown.
  const end = dash >= 0 ? dash : parts.findIndex((part, i) => i >= 2 && kinds.includes(part));
  const namespace = end >= 0 ? parts.slice(0, end) : parts;
  if (namespace.length < 2) return null;
  const found = { repo: bare(plain(namespace)) };
  if (end < 0) return found;
  const [kind, first, ...others] = parts.slice(dash >= 0 ? end + 1 : end);
  if (kind === "merge_requests") return { ...found, ref: /^\d+$/.test(first ?? "") ? `refs/merge-requests/${first}/head` : "" };
  if (!kind || !first || !kinds.includes(kind)) return found;
  const hasPath = ["tree", "blob", "raw", "edit", "blame"].includes(kind);
  return { ...found, ref: unescapedOnce(first), path: hasPath ? plain(others) : "" };
}

function gist(parts: string[]): Partial<Understood> & { repo: string } | null {
  const [user, id, next, sha, ...file] = parts;
  if (!user || !id || !/^[0-9a-f]{5,}$/i.test(bare(id))) return null;
  const found = { repo: `${unescapedOnce(user)}/${bare(id)}` };
  if (next === "raw") return /^[0-9a-f]{40}$/i.test(sha ?? "") ? { ...found, ref: sha!, path: plain(file) } : found;
  return { ...found, ref: /^[0-9a-f]{40}$/i.test(next ?? "") ? next! : "" };
}

/** Pages of other hosts that show what lies at GitHub: the parts as GitHub itself has them. */
function shownElsewhere({ host, parts }: Address): Forge | null {
  switch (host) {
    case "github.dev":
      return { of: "gh", parts };
    case "vscode.dev":
    case "colab.research.google.com":
    case "nbviewer.org":
    case "nbviewer.jupyter.org":
    case "nbviewer.ipython.org":
      if (parts[0] === "github") return { of: "gh", parts: parts.slice(1) };
      return parts[0] === "gist" ? { of: "gist", parts: parts.slice(1) } : null;
    case "raw.githubusercontent.com": {
      const [user, repo, ...rest] = parts;
      return user && repo ? { of: "gh", parts: [user, repo, "blob", ...rest] } : null;
    }
    case "gist.githubusercontent.com":
      return { of: "gist", parts };
    default:
      return null;
  }
}

const readers = { gh: github, gl: gitlab, gist } as const;

export interface Forge {
  of: keyof typeof readers;
  /** as at the forge itself */
  parts: string[];
}

/** Whose an address is; null for other hosts, and where that provider is not offered. */
export function forgeOf(address: Address, providers: Provider[]): Forge | null {
  const hosts = { gist: "gist.github.com", gh: "github.com", gl: "gitlab.com" };
  const host = address.host.replace(/^www\.|^ssh\./, "");
  const is = (id: keyof typeof hosts) => [host, address.authority].includes(hostOf(providers, id) || hosts[id]);
  const own = (["gist", "gh", "gl"] as const).find(is);
  const forge = shownElsewhere(address) ?? (own ? { of: own, parts: address.parts } : null);
  return forge && offers(providers, forge.of) ? forge : null;
}

/** What an address of a forge's means; null where it is none of a repository. */
export function readForge({ of, parts }: Forge): Understood | null {
  const found = readers[of](parts);
  return found && understood(of, found.repo, found);
}
