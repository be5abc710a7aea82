import { unescapedOnce } from "./escapes";
import type { Address } from "./address";
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
    if (path) return { path, pathKind };
  }
  return { path: "", pathKind: "labpath" };
}

/** Where in an address the provider of a launch stands; -1 where it is no link to a launch. */
const providerAt = ({ scheme, parts }: Address) => (/^https?$/.test(scheme) ? parts.indexOf("v2") + 1 || -1 : -1);

/** Whether an address has the form of a link to a launch, of whatever provider. */
export const isBinderLink = (address: Address): boolean =>
  /^(?:gh|gist|gl|git|zenodo|figshare|hydroshare|dataverse|ckan)$/.test(address.parts[providerAt(address)] ?? "");

export function readBinderLink(address: Address, providers: Provider[]): Understood | null {
  const at = providerAt(address);
  const [provider, ...spec] = at < 0 ? [] : address.parts.slice(at);
  if (!provider || spec.length < (provider === "gh" || provider === "gist" ? 2 : 1) || !offers(providers, provider)) return null;
  const { repo, ref } = splitSpec(provider, spec.join("/"));
  return repo ? understood(provider, repo, { ref, ...wantedPath(address.query) }) : null;
}
