import type { Provider } from "./provider";

/** What of a link's query says where to go on the server. */
export type PathKind = "labpath" | "filepath" | "urlpath";

/** What a pasted text means. */
export interface Understood {
  /** id of a provider that is offered */
  provider: string;
  /** As a person would write it for that provider: `user/repo`, a git URL, a DOI, … */
  repo: string;
  /** "" where the text tells none */
  ref: string;
  /** "" where the text tells none */
  path: string;
  pathKind: PathKind;
  /** false for a guess */
  certain: boolean;
}

export const understood = (provider: string, repo: string, more: Partial<Understood> = {}): Understood =>
  ({ provider, repo, ref: "", path: "", pathKind: "labpath", certain: true, ...more });

export const offers = (providers: Provider[], id: string): boolean =>
  providers.some((one) => one.id === id && one.enabled !== false);

/** The host of a provider's repositories, from the pattern that finds them; "" where it tells none. */
export function hostOf(providers: Provider[], id: string): string {
  const pattern = providers.find((one) => one.id === id)?.detect?.regex ?? "";
  return (/^\^?\((?:\?:)?https\?:\\?\/\\?\/([^/)]+?)\\?\/\)\?/.exec(pattern)?.[1] ?? "").replace(/\\/g, "").toLowerCase();
}
