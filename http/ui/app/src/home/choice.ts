import type { Provider } from "../links/provider";
import { linkOf, problemOf, specOf } from "../links/link";
import { type PathKind, understand } from "../links/understand";

/// What a person has filled in, and what it means.

export interface Filled {
  text: string;
  /** What the person chose or wrote; null: what the text says. */
  provider: string | null;
  ref: string | null;
  path: string | null;
  pathKind: PathKind | null;
}

export const nothing: Filled = { text: "", provider: null, ref: null, path: null, pathKind: null };

export interface Choice {
  provider: Provider;
  /** Whether the text itself named its source: by its address, by a guess, or not at all. */
  recognized: "certain" | "guess" | "no";
  repo: string;
  ref: string;
  path: string;
  pathKind: PathKind;
  spec: string;
  problem: "empty" | "malformed" | null;
}

/** Null while there are no sources. */
export function choose(filled: Filled, providers: Provider[]): Choice | null {
  const text = filled.text.trim();
  const offered = (id: string | null | undefined) => providers.find((one) => one.id === id);
  const chosen = offered(filled.provider);
  const read = understand(text, providers);
  const fits = chosen && read && read.provider !== chosen.id ? understand(text, [chosen]) : read;
  const provider = chosen ?? offered(read?.provider) ?? providers[0];
  if (!provider) return null;
  const known = fits && fits.provider === provider.id ? fits : null;
  const repo = known?.repo ?? text;
  const ref = provider.ref?.enabled === false ? "" : (filled.ref ?? known?.ref ?? "").trim();
  return {
    provider,
    recognized: chosen || !known ? "no" : known.certain ? "certain" : "guess",
    repo,
    ref,
    path: (filled.path ?? known?.path ?? "").trim(),
    pathKind: filled.pathKind ?? known?.pathKind ?? "labpath",
    spec: specOf(provider, repo, ref),
    // Any address could be a git repository's; those that are known to be none become one only where somebody says so.
    problem: problemOf(provider, repo, ref) ?? (provider.id === "git" && !chosen && !known ? "malformed" : null),
  };
}

export function linkOfChoice(choice: Choice, ownUrl: string): string {
  return linkOf(ownUrl, choice.provider.id, choice.spec, choice.path, choice.pathKind);
}
