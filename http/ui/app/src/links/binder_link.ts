import type { Address } from "./pasted";
import type { Provider } from "./provider";
import { offers, type PathKind, type Understood, understood, unescapedOnce } from "./understood";

/// Links to launches: `…/v2/<provider>/<spec>?…`.

const versioned = new Set(["gl", "git"]);

/** Repository and ref of a spec as it stands in a link, for people. */
export function splitSpec(provider: string, spec: string): { repo: string; ref: string } {
  const parts = spec.split("/");
  const at = provider === "gh" || provider === "gist" ? 2 : versioned.has(provider) ? 1 : parts.length;
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

export function readBinderLink({ parts, query }: Address, providers: Provider[]): Understood | null {
  const at = parts.indexOf("v2");
  const provider = parts[at + 1];
  if (at < 0 || !provider || parts.length < at + 3 || !offers(providers, provider)) return null;
  const { repo, ref } = splitSpec(provider, parts.slice(at + 2).join("/"));
  return repo ? understood(provider, repo, { ref, ...wantedPath(query) }) : null;
}
