import type { Address } from "./address";
import { gist, gistWithoutUser, github, gitlab } from "./forge_pages";
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

/** Pages of other hosts that show what lies at GitHub or GitLab. */
function shownElsewhere({ host, parts, query }: Address): Forge | null {
  const at = (of: Forge["of"], itsParts: string[]) => ({ of, site: publicSites[of], parts: itsParts });
  const named = ([forge, ...itsParts]: string[]) => (forge === "github" ? at("gh", itsParts) : forge === "gist" ? at("gist", itsParts) : null);
  const [user = "", repo = "", form = "", ...rest] = parts;
  switch (host.replace(/^www\./, "")) {
    case "github.dev":
    case "github1s.com":
    case "codespaces.new":
      return at("gh", parts);
    case "vscode.dev":
    case "colab.research.google.com":
    case "nbviewer.org":
    case "nbviewer.jupyter.org":
    case "nbviewer.ipython.org":
    case "console.paperspace.com":
      return named(parts);
    case "studiolab.sagemaker.aws":
      return user === "import" ? named(parts.slice(1)) : null;
    case "raw.githubusercontent.com":
    case "raw.github.com":
    case "raw.githack.com":
    case "rawcdn.githack.com":
      return form ? at("gh", [user, repo, "blob", form, ...rest]) : null;
    case "media.githubusercontent.com":
      return user === "media" && rest.length > 0 ? at("gh", [repo, form, "blob", ...rest]) : null;
    case "codeload.github.com":
      return form ? at("gh", [user, repo, "archive", ...rest]) : null;
    case "api.github.com":
      return user === "repos" ? at("gh", partsOfApi(parts.slice(1), query)) : null;
    case "cdn.jsdelivr.net": {
      const [, name, ref] = /^([^@]+)(?:@(.+))?$/.exec(form) ?? [];
      return user === "gh" && name ? at("gh", ref ? [repo, name, "blob", ref, ...rest] : [repo, name]) : null;
    }
    case "gist.githubusercontent.com":
      return at("gist", parts);
    default:
      return null;
  }
}

/** GitHub's pages that show what its API's addresses tell of. */
function partsOfApi([user = "", repo = "", kind = "", ...rest]: string[], query: URLSearchParams): string[] {
  const ref = encodeURIComponent(query.get("ref") ?? query.get("sha") ?? "HEAD");
  const pages: Record<string, string[]> = {
    zipball: ["archive", ...rest],
    tarball: ["archive", ...rest],
    branches: ["archive", ...rest],
    commits: rest.length > 0 ? ["commit", ...rest] : ["tree", ref],
    contents: ["blob", ref, ...rest],
    pulls: ["pull", ...rest],
  };
  return [user, repo, ...(Object.hasOwn(pages, kind) ? pages[kind]! : [])];
}

/** The repository that a site of GitHub Pages or GitLab Pages is likely made from. */
export function guessSiteOfPages({ host, parts }: Address): Forge | null {
  const [, user = "", forge] = /^([\w-]+)\.(github|gitlab)\.io$/.exec(host) ?? [];
  if (!forge) return null;
  const of = forge === "github" ? "gh" : "gl";
  return { of, site: publicSites[of], parts: [user, parts[0] && !/\.\w+$/.test(parts[0]) ? parts[0] : host] };
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
  const gistOfSomebody = of === "gist" && offers(providers, "git") ? gistWithoutUser(parts) : "";
  // The provider of gists wants a user; git does without.
  if (gistOfSomebody) return understood("git", `https://${site}/${gistOfSomebody}.git`);
  const found = readers[of](parts);
  if (!found) return null;
  if (offers(providers, of) && site === siteOf(providers, of)) return understood(of, found.repo, found);
  if (!offers(providers, "git")) return null;
  const { repo, ref = "", path = "" } = found;
  // An address of the repository itself is taken as it stands, a page's is left for its repository.
  if (parts === address.parts && !ref && parts.length === repo.split("/").length) return readGitAddress(address);
  return understood("git", `https://${site}/${repo}${of === "gist" ? ".git" : ""}`, { ref, path });
}
