import { splitSpec, wantedPath } from "./binder_link";
import type { Provider } from "./provider";
import type { PathKind } from "./understood";

/// From source, repository and ref to a spec and a link, and back.

const segments = (text: string) => text.split("/").map((part) => encodeURIComponent(part).replace(/%3A/gi, ":")).join("/");

/** The spec, escaped as in a link; "" without a repository. */
export function specOf(provider: Provider, repo: string, ref: string): string {
  const bare = repo.trim().replace(/^\/+|\/+$/g, "");
  if (!bare) return "";
  const name = provider.repo?.urlEncode ? encodeURIComponent(bare) : segments(bare);
  if (!provider.ref?.enabled) return name;
  return `${name}/${segments(ref.trim() || provider.ref.default || "HEAD")}`;
}

/** Whether a repository is missing, or is none of this provider's; null where all is well. */
export function problemOf(provider: Provider, repo: string, ref: string): "empty" | "malformed" | null {
  const spec = specOf(provider, repo, ref);
  if (!spec) return "empty";
  const pattern = provider.spec?.validateRegex;
  if (pattern && !new RegExp(`^(?:${pattern})$`).test(spec)) return "malformed";
  // A git repository is a URL, or a git host's short form of one.
  return provider.id === "git" && !/^(?:[a-z][a-z0-9+.-]*:\/\/.|[\w.-]+@[\w.-]+:.)/i.test(repo.trim()) ? "malformed" : null;
}

/** `ownUrl` ends with a slash. */
export function linkOf(ownUrl: string, provider: string, spec: string, path: string, pathKind: PathKind): string {
  const bare = path.trim();
  return `${ownUrl}v2/${provider}/${spec}${bare ? `?${pathKind}=${encodeURIComponent(bare)}` : ""}`;
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
