import { splitSpec, wantedPath } from "./binder_link";
import { escaped } from "./escapes";
import { isPageOfGithub, isPageOfGitlab } from "./forge_pages";
import { queryOf } from "./opening";
import type { Provider } from "./provider";
import type { PathKind } from "./understood";

/// From source, repository and ref to a spec and a link, and back.

const segments = (text: string) => text.split("/").map((part) => escaped(part).replace(/%3A/gi, ":")).join("/");

/** Null where the text is none, or one of a kind that this browser does not know. */
function pattern(text: string | undefined): RegExp | null {
  try {
    return text ? new RegExp(text) : null;
  } catch {
    return null;
  }
}

/** The repository without the part of its address that the provider knows itself, and without slashes around it. */
function repositoryPart(provider: Provider, text: string): string {
  const given = text.trim();
  const repo = pattern(provider.detect?.regex)?.exec(given)?.groups?.repo ?? given;
  let [begin, end] = [0, repo.length];
  while (repo[begin] === "/") begin += 1;
  while (end > begin && repo[end - 1] === "/") end -= 1;
  return repo.slice(begin, end);
}

/** The spec, escaped as in a link; "" without a repository. */
export function specOf(provider: Provider, repo: string, ref: string): string {
  const bare = repositoryPart(provider, repo);
  if (!bare) return "";
  const name = provider.repo?.urlEncode ? escaped(bare) : segments(bare);
  if (!provider.ref?.enabled) return name;
  return `${name}/${segments(ref.trim() || provider.ref.default || "HEAD")}`;
}

/** Whether a repository is missing, or is none of this provider's; null where all is well. */
export function problemOf(provider: Provider, repo: string, ref: string): "empty" | "malformed" | null {
  const spec = specOf(provider, repo, ref);
  if (!spec) return "empty";
  // A browser takes such parts for steps, and would go elsewhere.
  if (spec.split("/").some((part) => part === "." || part === "..")) return "malformed";
  const valid = pattern(provider.spec?.validateRegex && `^(?:${provider.spec.validateRegex})$`);
  if (valid && !valid.test(spec)) return "malformed";
  const name = repositoryPart(provider, repo);
  const known = Object.hasOwn(repositories, provider.id) ? repositories[provider.id] : null;
  if (!known) return null;
  const [owner = ""] = name.split("/", 1);
  const isPage = (provider.id === "gh" && isPageOfGithub(owner)) || (provider.id === "gl" && isPageOfGitlab(owner));
  return blankOrControl.test(name) || isPage || !known.test(name) ? "malformed" : null;
}

const blankOrControl = /[\s\p{Cc}]/u;

const doi = /^10\.\d+\/./;

/** What a repository of each source looks like, as its host would have it; other sources have their pattern only. */
const repositories: Record<string, RegExp> = {
  gh: /^\w[\w-]*\/[\w.-]+$/,
  gist: /^\w[\w-]*\/[0-9a-f]+$/i,
  gl: /^[\w.-]+(?:\/[\w.-]+)+$/,
  // a URL, or a git host's short form of one
  git: /^(?:[a-z][a-z0-9+.-]*:\/\/|[\w.-]+@[\w.-]+:)[^#]+$/i,
  zenodo: doi,
  figshare: doi,
  dataverse: doi,
  hydroshare: /[0-9a-f]{32}/,
  ckan: /^https?:\/\/[^/]+\/(?:.*\/)?dataset\/./i,
};

/** `ownUrl` ends with a slash. */
export function linkOf(ownUrl: string, provider: string, spec: string, path: string, pathKind: PathKind): string {
  return `${ownUrl}v2/${provider}/${spec}${queryOf(path.trim(), pathKind)}`;
}

export interface LinkRead {
  provider: string;
  /** as it stands in the link */
  spec: string;
  repo: string;
  ref: string;
  path: string;
  pathKind: PathKind;
}

/** Reads a link of ours back for people; null where the path is none. */
export function readLink(pathname: string, search: string, baseUrl: string): LinkRead | null {
  const marker = `${baseUrl}v2/`;
  if (!pathname.startsWith(marker)) return null;
  const [provider = "", ...rest] = pathname.slice(marker.length).split("/");
  const spec = rest.join("/");
  if (!provider || !spec) return null;
  return { provider, spec, ...splitSpec(provider, spec), ...wantedPath(new URLSearchParams(search)) };
}
