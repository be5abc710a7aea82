import type { Address } from "./address";
import { gist, github, gitlab } from "./forge_pages";
import { readGitAddress } from "./git_hosts";
import type { Provider } from "./provider";
import { hostOf, offers, type Understood, understood } from "./understood";

/// Addresses of GitHub, Gist and GitLab, and of pages that show what lies there.

const readers = { gist, gh: github, gl: gitlab } as const;
const publicSites = { gist: "gist.github.com", gh: "github.com", gl: "gitlab.com" };

export interface Forge {
  of: keyof typeof readers;
  /** host and port of the forge itself */
  site: string;
  /** as at the forge itself */
  parts: string[];
}

/** Pages of other hosts that show what lies at GitHub. */
function shownElsewhere({ host, parts }: Address): Forge | null {
  const at = (of: "gh" | "gist", itsParts: string[]) => ({ of, site: publicSites[of], parts: itsParts });
  switch (host) {
    case "github.dev":
      return at("gh", parts);
    case "vscode.dev":
    case "colab.research.google.com":
    case "nbviewer.org":
    case "nbviewer.jupyter.org":
    case "nbviewer.ipython.org":
      if (parts[0] === "github") return at("gh", parts.slice(1));
      return parts[0] === "gist" ? at("gist", parts.slice(1)) : null;
    case "raw.githubusercontent.com":
      return parts.length > 2 ? at("gh", [...parts.slice(0, 2), "blob", ...parts.slice(2)]) : null;
    case "gist.githubusercontent.com":
      return at("gist", parts);
    default:
      return null;
  }
}

/** The site of a provider that is offered: an Enterprise's or somebody's own where its pattern says so. */
const siteOf = (providers: Provider[], of: Forge["of"]) => hostOf(providers, of) || publicSites[of];

/** Which forge's an address is; null for other hosts. */
export function forgeOf(address: Address, providers: Provider[]): Forge | null {
  const host = address.host.replace(/^(?:www|ssh|altssh)\./, "");
  const lies = (site: string) => site === host || site === address.site;
  const kinds = ["gist", "gh", "gl"] as const;
  const of = kinds.find((one) => offers(providers, one) && lies(siteOf(providers, one))) ?? kinds.find((one) => lies(publicSites[one]));
  if (!of) return shownElsewhere(address);
  return { of, site: offers(providers, of) && lies(siteOf(providers, of)) ? siteOf(providers, of) : publicSites[of], parts: address.parts };
}

/** What a forge's address means: to its own provider, or else to that of any git repository; null where it is none. */
export function readForge(forge: Forge, address: Address, providers: Provider[]): Understood | null {
  const { of, site, parts } = forge;
  const found = readers[of](parts);
  if (!found) return null;
  if (offers(providers, of) && site === siteOf(providers, of)) return understood(of, found.repo, found);
  if (!offers(providers, "git")) return null;
  const { repo, ref = "", path = "" } = found;
  // An address of the repository itself is taken as it stands, a page's is left for its repository.
  if (parts === address.parts && parts.length === repo.split("/").length) return readGitAddress(address);
  return understood("git", `https://${site}/${repo}${of === "gist" ? ".git" : ""}`, { ref, path });
}
