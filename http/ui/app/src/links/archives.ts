import type { Address } from "./address";
import { unescapedOnce } from "./escapes";
import type { Provider } from "./provider";
import { offers, type Understood, understood } from "./understood";

/// DOIs and the addresses of archives.

const doiText = /^(?:doi:)?(10\.\d{4,9}\/[^\s?#]+)$/i;

/** Whether a text is a DOI, whoever has it. */
export const isDoi = (text: string): boolean => doiText.test(unescapedOnce(text));

/** A DOI, bare or with its prefix. */
export function readDoi(text: string, providers: Provider[]): Understood | null {
  const doi = doiText.exec(unescapedOnce(text))?.[1]?.replace(/\/{1,99}$/, "");
  if (!doi) return null;
  const of = (id: string, repo: string, certain = true) => (offers(providers, id) ? understood(id, repo, { certain }) : null);
  if (/^10\.5281\/zenodo\./i.test(doi)) return of("zenodo", doi.toLowerCase());
  if (/\/m9\.figshare\./i.test(doi)) return of("figshare", doi.toLowerCase());
  if (/^10\.4211\/hs\.[0-9a-f]{32}$/i.test(doi)) return of("hydroshare", doi.slice(-32).toLowerCase());
  // Dataverse has installations with prefixes of their own.
  return of("dataverse", doi, /^10\.7910\//.test(doi)) ?? of("zenodo", doi, false);
}

/** Sites whose pages are never repositories that git could clone. */
const sitesOfPages = [
  "zenodo.org", "figshare.com", "hydroshare.org", "osf.io", "softwareheritage.org", "archive.org", "arxiv.org", "mybinder.org", "kaggle.com",
  "nbviewer.org", "nbviewer.jupyter.org", "nbviewer.ipython.org", "google.com", "deepnote.com", "gitpod.io", "paperspace.com", "studiolab.sagemaker.aws",
  "github.dev", "vscode.dev", "github1s.com", "codespaces.new", "sourcegraph.com", "githubusercontent.com", "api.github.com", "codeload.github.com",
  "jsdelivr.net", "githack.com", "pypi.org", "anaconda.org", "docker.com", "readthedocs.io", "dropbox.com", "outlook.com",
];

export const hasOnlyPages = ({ host, parts, query }: Address): boolean =>
  /^(?:www\.|dx\.)?doi\.org$|(?:^|\.)dataverse\./.test(host) ||
  sitesOfPages.some((site) => host === site || host.endsWith(`.${site}`)) ||
  query.has("persistentId") ||
  // a page of a JupyterHub's, or of a server of its
  /(?:^|\/)(?:user-redirect|user\/[^/]+\/(?:lab|doc|notebooks|retro|rstudio))(?:\/|$)/.test(parts.join("/"));

/** A page of an archive's. */
export function readArchive(address: Address, providers: Provider[]): Understood | null {
  const { scheme, host, parts, query } = address;
  if (!/^https?$/.test(scheme)) return null;
  if (/^(?:www\.|dx\.)?doi\.org$/.test(host)) return readDoi(parts.join("/"), providers);
  const persistent = query.get("persistentId");
  if (persistent) return /^doi:10\.\d+\/[!-~]+$/i.test(persistent) && offers(providers, "dataverse") ? understood("dataverse", persistent.slice(4)) : null;
  const [kind, id = "", ...rest] = /^(?:api|hsapi)$/.test(parts[0] ?? "") ? parts.slice(1) : parts;
  switch (host.replace(/^www\./, "")) {
    case "zenodo.org":
      if (kind === "doi") return readDoi([id, ...rest].join("/"), providers);
      if (kind === "badge" && id === "DOI") return readDoi(rest.join("/").replace(/\.svg$/, ""), providers);
      return /^records?$/.test(kind ?? "") && /^\d+$/.test(id) ? readDoi(`10.5281/zenodo.${id}`, providers) : null;
    case "figshare.com":
      return kind === "articles" ? readArticle([id, ...rest], providers) : null;
    case "hydroshare.org":
      return kind === "resource" ? readHydroshareId(id, providers) : null;
    default:
      return readDataset(address, providers);
  }
}

/** `<type>/<title>/<id>[/<version>]`; the title may be a number, such as a year. */
function readArticle(parts: string[], providers: Provider[]): Understood | null {
  const at = parts.findIndex((part) => /^\d{5,}$/.test(part));
  const version = /^\d+$/.test(parts[at + 1] ?? "") ? `.v${parts[at + 1]}` : "";
  return at >= 0 ? readDoi(`10.6084/m9.figshare.${parts[at]}${version}`, providers) : null;
}

/** Any site may run CKAN: only the form of the address tells, unless the host's name does. */
function readDataset({ scheme, host, authority, parts, query }: Address, providers: Provider[]): Understood | null {
  const name = parts[parts.indexOf("dataset") + 1];
  if (!parts.includes("dataset") || !name || parts.at(-1)!.endsWith(".git") || parts.includes("-") || !offers(providers, "ckan")) return null;
  const activity = query.get("activity_id");
  const url = `${scheme}://${authority}/${parts.join("/")}${activity ? `?activity_id=${encodeURIComponent(activity)}` : ""}`;
  return understood("ckan", url, { certain: /ckan/.test(host) || !offers(providers, "git") });
}

export function readHydroshareId(text: string, providers: Provider[]): Understood | null {
  return /^[0-9a-f]{32}$/i.test(text) && offers(providers, "hydroshare") ? understood("hydroshare", text.toLowerCase()) : null;
}
