import type { Provider } from "./provider";

/// The providers of a node that offers all of them, for tests.

export const detect = (host: string) => ({ regex: `^(https?://${host}/)?(?<repo>.*[^/])/?` });
export const all: Provider[] = [
  { id: "gh", displayName: "GitHub", detect: detect("github.com"), spec: { validateRegex: "[^/]+/[^/]+/.+" }, repo: { urlEncode: false }, ref: { enabled: true, default: "HEAD" } },
  { id: "gist", displayName: "Gist", detect: detect("gist.github.com"), spec: { validateRegex: "[^/]+/[^/]+(/[^/]+)?" }, repo: { urlEncode: false }, ref: { enabled: true, default: "HEAD" } },
  { id: "gl", displayName: "GitLab", detect: detect("gitlab.com"), spec: { validateRegex: "[^/]+/.+" }, repo: { urlEncode: true }, ref: { enabled: true, default: "HEAD" } },
  { id: "git", displayName: "Git", spec: { validateRegex: "[^/]+/.+" }, repo: { urlEncode: true }, ref: { enabled: true, default: "HEAD" } },
  { id: "zenodo", displayName: "Zenodo", spec: { validateRegex: "10\\.\\d+\\/(.)+" }, repo: { urlEncode: false }, ref: { enabled: false } },
  { id: "figshare", displayName: "Figshare", repo: { urlEncode: false }, ref: { enabled: false } },
  { id: "dataverse", displayName: "Dataverse", repo: { urlEncode: false }, ref: { enabled: false } },
  { id: "hydroshare", displayName: "Hydroshare", repo: { urlEncode: true }, ref: { enabled: false } },
  { id: "ckan", displayName: "CKAN", repo: { urlEncode: true }, ref: { enabled: false } },
];
