// The home page: from source, repository, version and path to a link, a badge and a launch.
"use strict";

const by = (id) => document.getElementById(id);
const setting = (name) => document.querySelector(`meta[name="bindery-${name}"]`).content;
const baseUrl = setting("base-url");
const ownUrl = new URL(baseUrl, location.href).href;
const badgeBaseUrl = setting("badge-base-url") || ownUrl;

let providers = [];
const chosen = () => providers.find((one) => one.id === by("provider").value);

// The repository as its source's links name it: without the part that the source knows itself.
function repositoryPart(provider, text) {
  let repo = text.trim();
  const pattern = provider.detect && provider.detect.regex;
  if (pattern) {
    const found = new RegExp(pattern).exec(repo);
    if (found && found.groups && found.groups.repo) repo = found.groups.repo;
  }
  repo = repo.replace(/\/+$/, "");
  if (provider.repo && provider.repo.urlEncode) return encodeURIComponent(repo);
  return repo.split("/").map((part) => encodeURIComponent(part).replace(/%3A/gi, ":")).join("/");
}

function specOf(provider) {
  const repo = repositoryPart(provider, by("repo").value);
  if (!repo) return "";
  if (!provider.ref || !provider.ref.enabled) return repo;
  const ref = by("ref").value.trim() || provider.ref.default || "HEAD";
  return repo + "/" + ref.split("/").map(encodeURIComponent).join("/");
}

function problemOf(provider, spec) {
  if (!by("repo").value.trim()) return "Name a repository.";
  const pattern = provider.spec && provider.spec.validateRegex;
  if (pattern && !new RegExp(pattern).test(spec))
    return `This does not look like a repository of ${provider.displayName}.` +
      (provider.repo && provider.repo.placeholder ? ` Expected: ${provider.repo.placeholder}` : "");
  return "";
}

function linkOf(provider, spec) {
  const path = by("path").value.trim();
  const query = path ? `?${by("path-kind").value}=${encodeURIComponent(path)}` : "";
  return `${ownUrl}v2/${provider.id}/${spec}${query}`;
}

function update() {
  const provider = chosen();
  if (!provider) return;
  const spec = specOf(provider);
  const fine = spec && !problemOf(provider, spec);
  by("link").value = fine ? linkOf(provider, spec) : "";
  by("badge").value = fine ? `[![Binder](${badgeBaseUrl}badge_logo.svg)](${linkOf(provider, spec)})` : "";
  for (const button of document.querySelectorAll("[data-copy]")) button.disabled = !fine;
  if (fine) showProblem("");
}

function showProblem(text) {
  by("repo-problem").textContent = text;
  if (text) by("repo").setAttribute("aria-invalid", "true");
  else by("repo").removeAttribute("aria-invalid");
}

function onProvider() {
  const provider = chosen();
  const repo = provider.repo || {};
  const ref = provider.ref || {};
  by("repo-label").textContent = repo.label || "Repository";
  by("repo").placeholder = repo.placeholder || "";
  by("ref").placeholder = ref.default || "";
  by("ref").disabled = !ref.enabled;
  by("ref-field").hidden = !ref.enabled;
  showProblem("");
  update();
}

// A pasted address tells its source.
function detectProvider() {
  const text = by("repo").value.trim();
  if (!/^https?:\/\//.test(text)) return;
  const fits = providers.find((one) => {
    const found = one.detect && one.detect.regex && new RegExp(one.detect.regex).exec(text);
    // Patterns whose host is optional match every address, but keep a foreign host in what they find.
    return found && found.groups && found.groups.repo && !found.groups.repo.includes("://");
  });
  if (fits && fits.id !== by("provider").value) {
    by("provider").value = fits.id;
    onProvider();
  }
}

async function copy(id) {
  try {
    await navigator.clipboard.writeText(by(id).value);
  } catch {  // no permission, or an insecure page: leave it selected
    by(id).select();
    if (!document.execCommand("copy")) return;
  }
  by("copied").textContent = id === "link" ? "Link copied." : "Badge copied.";
}

async function start() {
  try {
    const answer = await fetch(`${baseUrl}api/repoproviders`);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    providers = (await answer.json()).filter((one) => one.enabled !== false);
  } catch (why) {
    by("provider-state").textContent = `The list of sources could not be loaded (${why.message}). Reload the page.`;
    return;
  }
  for (const one of providers) by("provider").add(new Option(one.displayName, one.id));
  if (providers.length > 0) onProvider();
}

by("provider").addEventListener("change", onProvider);
by("repo").addEventListener("input", () => { detectProvider(); update(); });
for (const id of ["ref", "path", "path-kind"]) by(id).addEventListener("input", update);
for (const button of document.querySelectorAll("[data-copy]"))
  button.addEventListener("click", () => copy(button.dataset.copy));
by("launch").addEventListener("submit", (event) => {
  event.preventDefault();
  const provider = chosen();
  if (!provider) return;
  const spec = specOf(provider);
  const problem = problemOf(provider, spec);
  showProblem(problem);
  if (problem) by("repo").focus();
  else location.href = linkOf(provider, spec);
});
start();
