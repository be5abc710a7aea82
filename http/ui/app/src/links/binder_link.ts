import { unescapedOnce } from "./escapes";
import type { Address } from "./address";
import { fileAt } from "./opening";
import type { Provider } from "./provider";
import { offers, type PathKind, type Understood, understood } from "./understood";

/// Links to launches: `…/v2/<provider>/<spec>?…`.

/** How many parts of a spec are the repository's, before the ref's; other providers have no ref. */
const partsOfRepo: Record<string, number> = { gh: 2, gist: 2, gl: 1, git: 1 };

/** Repository and ref of a spec as it stands in a link, for people. */
export function splitSpec(provider: string, spec: string): { repo: string; ref: string } {
  const parts = spec.split("/");
  // BinderHub's links to archives may end with the slash that would stand before a ref.
  if (parts.length > 1 && parts.at(-1) === "") parts.pop();
  const at = Object.hasOwn(partsOfRepo, provider) ? partsOfRepo[provider]! : parts.length;
  const repo = parts.slice(0, at).map(unescapedOnce).join("/");
  return { repo: provider === "gh" ? repo.replace(/\.git$/, "") : repo, ref: parts.slice(at).map(unescapedOnce).join("/") };
}

/** Where on the server a link's query leads, in the order in which BinderHub looks. */
export function wantedPath(query: URLSearchParams): { path: string; pathKind: PathKind } {
  for (const pathKind of ["labpath", "filepath", "urlpath"] as const) {
    const path = query.get(pathKind);
    if (path) return (pathKind === "urlpath" && fileAt(path)) || { path, pathKind };
  }
  return { path: "", pathKind: "labpath" };
}

const launched = /^(?:gh|gist|gl|git|zenodo|figshare|hydroshare|dataverse|ckan)$/;

/** Where in an address the provider of a launch stands; -1 where it is no link to a launch. */
const providerAt = ({ scheme, parts }: Address) => (/^https?$/.test(scheme) ? parts.indexOf("v2") + 1 || -1 : -1);

/** Where in an address the user stands after `/repo/`, as links were before there were providers; -1 in others. Only
 *  Binders had them: elsewhere such a path may be a repository's. */
const legacyUserAt = ({ scheme, host, parts }: Address) =>
  /^https?$/.test(scheme) && /(?:^|[.-])(?:my)?binder(?:hub)?[.-]/.test(host) ? parts.indexOf("repo") + 1 || -1 : -1;

/** Whether an address has the form of a link to a launch, of whatever provider. */
export const isBinderLink = (address: Address): boolean => launched.test(address.parts[providerAt(address)] ?? "") || legacyUserAt(address) >= 0;

/** A launch's link without its host, as `v2/<provider>/<spec>` or `<provider>/<spec>`, with one; null for other text. */
export function withHost(text: string): string | null {
  const [, provider = "", spec = ""] = /^\/?(?:v2\/)?([a-z]+)\/([^/].*)$/.exec(text) ?? [];
  const parts = spec.split("/").length;
  return launched.test(provider) && parts > 1 && (provider !== "git" || /^\w+(?::|%3a)|%40/i.test(spec)) ? `https://mybinder.org/v2/${provider}/${spec}` : null;
}

export function readBinderLink(address: Address, providers: Provider[]): Understood | null {
  const at = providerAt(address);
  if (at < 0) return readLegacyLink(address, providers);
  const [provider, ...spec] = address.parts.slice(at);
  if (!provider || spec.length < (provider === "gh" || provider === "gist" ? 2 : 1) || !offers(providers, provider)) return null;
  const { repo, ref } = splitSpec(provider, spec.join("/"));
  return repo ? understood(provider, repo, { ref, ...wantedPath(address.query) }) : null;
}

/** `/repo/<user>/<repo>[/<path>]`, as the server redirects it. */
function readLegacyLink(address: Address, providers: Provider[]): Understood | null {
  const at = legacyUserAt(address);
  const [user, name, ...path] = at < 0 ? [] : address.parts.slice(at);
  if (!user || !name || !offers(providers, "gh")) return null;
  const { repo, ref } = splitSpec("gh", `${user}/${name}/master`);
  const query = new URLSearchParams(path.length > 0 ? { urlpath: `/${path.map(unescapedOnce).join("/")}` } : {});
  for (const [key, value] of address.query) query.append(key, value);
  return understood("gh", repo, { ref, ...wantedPath(query) });
}
