import type { Address } from "./pasted";
import { type Understood, understood, unescapedOnce } from "./understood";

/// Addresses of any git host: which part is the repository's, and what else the address says.

/** Where a host's pages of files begin, after how many parts of the repository. */
const pages: [after: number, marks: string[], refIn: (rest: string[]) => { ref: string; path: string[] }][] = [
  // Gitea and Forgejo
  [2, ["src/branch", "src/tag", "src/commit", "raw/branch", "raw/tag", "raw/commit"], ([ref = "", ...path]) => ({ ref, path })],
  // sourcehut
  [2, ["tree"], ([ref = "", mark, ...path]) => ({ ref, path: mark === "item" ? path : [] })],
  // Bitbucket, and others that do as GitHub does
  [2, ["src", "blob", "raw", "commits", "commit"], ([ref = "", ...path]) => ({ ref, path })],
  // Hugging Face's datasets
  [3, ["tree", "blob", "resolve"], ([ref = "", ...path]) => ({ ref, path })],
];

/** The address as one of a repository that can be cloned. */
export function readGitAddress({ scheme, authority, parts }: Address): Understood | null {
  if (parts.length === 0) return null;
  const url = (end: number) => `${scheme}://${authority}/${parts.slice(0, end).join("/")}`;
  if (/^https?$/.test(scheme) && !parts.at(-1)!.endsWith(".git"))
    for (const [after, marks, refIn] of pages)
      for (const mark of marks) {
        const words = mark.split("/");
        if (parts.length <= after + words.length || words.some((word, i) => parts[after + i] !== word)) continue;
        const { ref, path } = refIn(parts.slice(after + words.length));
        return understood("git", url(after), { ref: unescapedOnce(ref), path: path.map(unescapedOnce).join("/") });
      }
  return understood("git", url(parts.length));
}
