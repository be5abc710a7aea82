import type { Address } from "./pasted";
import type { Provider } from "./provider";
import { offers, type Understood, understood, unescapedOnce } from "./understood";

/// DOIs and the addresses of archives.

const doiText = /^(?:doi:\s*)?(10\.\d{4,9}\/[^\s?#]+)$/i;

/** A DOI, bare or with its prefix. */
export function readDoi(text: string, providers: Provider[]): Understood | null {
  const doi = doiText.exec(unescapedOnce(text))?.[1];
  if (!doi) return null;
  const of = (id: string, repo: string, certain = true) => (offers(providers, id) ? understood(id, repo, { certain }) : null);
  if (/^10\.5281\/zenodo\./i.test(doi)) return of("zenodo", doi.toLowerCase());
  if (/\/m9\.figshare\./i.test(doi)) return of("figshare", doi);
  if (/^10\.4211\/hs\.[0-9a-f]{32}$/i.test(doi)) return of("hydroshare", doi.slice(-32).toLowerCase()) ?? null;
  // Dataverse has installations with prefixes of their own.
  return of("dataverse", doi, /^10\.7910\//.test(doi)) ?? of("zenodo", doi, false);
}

/** A page of an archive's. */
export function readArchive({ host, authority, scheme, parts, query }: Address, providers: Provider[]): Understood | null {
  if (host === "doi.org" || host === "dx.doi.org") return readDoi(parts.join("/"), providers);
  const persistent = query.get("persistentId");
  if (persistent && /^doi:/i.test(persistent) && offers(providers, "dataverse"))
    return understood("dataverse", persistent.replace(/^doi:/i, ""));
  if (/(?:^|\.)zenodo\.org$/.test(host)) {
    const [kind, id] = parts;
    if (/^records?$/.test(kind ?? "") && /^\d+$/.test(id ?? "")) return readDoi(`10.5281/zenodo.${id}`, providers);
    if (kind === "doi") return readDoi(parts.slice(1).join("/"), providers);
  }
  if (/(?:^|\.)figshare\.com$/.test(host) && parts[0] === "articles") {
    const [id, version] = parts.slice(1).filter((part) => /^\d+$/.test(part));
    return id ? readDoi(`10.6084/m9.figshare.${id}${version ? `.v${version}` : ""}`, providers) : null;
  }
  if (/(?:^|\.)hydroshare\.org$/.test(host) && parts[0] === "resource") return readHydroshareId(parts[1] ?? "", providers);
  const dataset = parts.indexOf("dataset");
  const known = /ckan/.test(host);
  if (/^https?$/.test(scheme) && dataset >= 0 && parts[dataset + 1] && offers(providers, "ckan") && (known || !offers(providers, "git")))
    return understood("ckan", `${scheme}://${authority}/${parts.join("/")}${query.has("activity_id") ? `?activity_id=${query.get("activity_id")}` : ""}`, { certain: known });
  return null;
}

export function readHydroshareId(text: string, providers: Provider[]): Understood | null {
  return /^[0-9a-f]{32}$/i.test(text) && offers(providers, "hydroshare") ? understood("hydroshare", text.toLowerCase()) : null;
}
