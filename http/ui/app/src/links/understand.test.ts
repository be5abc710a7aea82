import { describe, expect, it } from "vitest";
import { all, detect } from "./every_provider.fixture";
import type { Provider } from "./provider";
import { understand } from "./understand";

const sha = "0123456789abcdef0123456789abcdef01234567";
const id = "8f7c2f0341ef4180b0dbe97f59130756";

/** text: provider, repo, ref, path, and how the path is opened. */
const table: [string, string, string, string?, string?, string?][] = [
  // GitHub
  ["https://github.com/u/r", "gh", "u/r"],
  ["http://github.com/u/r/", "gh", "u/r"],
  ["https://www.github.com/u/r.git", "gh", "u/r"],
  ["github.com/u/r", "gh", "u/r"],
  ["  https://github.com/u/r  ", "gh", "u/r"],
  ["<https://github.com/u/r>", "gh", "u/r"],
  ["\"https://github.com/u/r\",", "gh", "u/r"],
  ["HTTPS://GitHub.com/U/R", "gh", "U/R"],
  ["https://github.com/u/r?tab=readme-ov-file#usage", "gh", "u/r"],
  ["https://github.com/u/r/tree/dev", "gh", "u/r", "dev"],
  ["https://github.com/u/r/tree/dev/notebooks", "gh", "u/r", "dev", "notebooks"],
  ["https://github.com/u/r/tree/refs/heads/dev/notebooks", "gh", "u/r", "dev", "notebooks"],
  ["https://github.com/u/r/blob/main/a/b.ipynb", "gh", "u/r", "main", "a/b.ipynb"],
  ["https://github.com/u/r/blob/main/a%20b.ipynb#L10-L20", "gh", "u/r", "main", "a b.ipynb"],
  ["https://github.com/u/r/blob/main/100%.ipynb", "gh", "u/r", "main", "100%.ipynb"],
  ["https://github.com/u/r/raw/main/x.ipynb", "gh", "u/r", "main", "x.ipynb"],
  ["https://github.com/u/r/edit/main/x.ipynb", "gh", "u/r", "main", "x.ipynb"],
  ["https://github.com/u/r/blame/main/x.ipynb", "gh", "u/r", "main", "x.ipynb"],
  [`https://github.com/u/r/commit/${sha}`, "gh", "u/r", sha],
  ["https://github.com/u/r/commits/dev/", "gh", "u/r", "dev"],
  ["https://github.com/u/r/releases/tag/v1.0", "gh", "u/r", "v1.0"],
  ["https://github.com/u/r/releases", "gh", "u/r"],
  ["https://github.com/u/r/pull/12", "gh", "u/r", "refs/pull/12/head"],
  ["https://github.com/u/r/pull/12/files", "gh", "u/r", "refs/pull/12/head"],
  ["https://github.com/u/r/issues/5", "gh", "u/r"],
  ["https://github.com/u/r/wiki", "gh", "u/r"],
  ["https://raw.githubusercontent.com/u/r/main/a/b.ipynb", "gh", "u/r", "main", "a/b.ipynb"],
  ["https://raw.githubusercontent.com/u/r/refs/heads/main/a.ipynb", "gh", "u/r", "main", "a.ipynb"],
  ["git@github.com:u/r.git", "gh", "u/r"],
  ["ssh://git@github.com/u/r.git", "gh", "u/r"],
  ["git+https://github.com/u/r.git", "gh", "u/r"],
  ["git clone https://github.com/u/r.git", "gh", "u/r"],
  ["$ git clone git@github.com:u/r.git", "gh", "u/r"],
  ["git clone -b dev https://github.com/u/r", "gh", "u/r", "dev"],
  ["git clone --branch=dev --single-branch https://github.com/u/r here", "gh", "u/r", "dev"],
  ["gh repo clone u/r", "gh", "u/r"],
  ["https://github.dev/u/r", "gh", "u/r"],
  ["https://vscode.dev/github/u/r", "gh", "u/r"],
  ["https://colab.research.google.com/github/u/r/blob/main/a.ipynb", "gh", "u/r", "main", "a.ipynb"],
  ["https://nbviewer.org/github/u/r/blob/main/a.ipynb", "gh", "u/r", "main", "a.ipynb"],
  ["https://nbviewer.jupyter.org/github/u/r/tree/main", "gh", "u/r", "main"],
  ["https://token@github.com/u/r", "gh", "u/r"],
  ["https://u:token@github.com/u/r.git", "gh", "u/r"],
  ["u/r", "gh", "u/r"],
  ["u/r.git", "gh", "u/r"],
  ["u/r@v1.0", "gh", "u/r", "v1.0"],
  ["u/r/tree/dev", "gh", "u/r", "dev"],
  ["u/my.repo-2_x", "gh", "u/my.repo-2_x"],
  ["\u200eu/r\u200f", "gh", "u/r"],
  // Gist
  [`https://gist.github.com/u/${id}`, "gist", `u/${id}`],
  [`https://gist.github.com/u/${id}/${sha}`, "gist", `u/${id}`, sha],
  [`https://gist.github.com/u/${id}#file-a-ipynb`, "gist", `u/${id}`],
  [`https://gist.github.com/u/${id}.git`, "gist", `u/${id}`],
  [`https://gist.githubusercontent.com/u/${id}/raw/${sha}/a.ipynb`, "gist", `u/${id}`, sha, "a.ipynb"],
  [`https://nbviewer.org/gist/u/${id}`, "gist", `u/${id}`],
  // GitLab
  ["https://gitlab.com/g/p", "gl", "g/p"],
  ["https://gitlab.com/g/s/t/p/", "gl", "g/s/t/p"],
  ["https://gitlab.com/g/p.git", "gl", "g/p"],
  ["https://gitlab.com/g/s/p/-/tree/dev?ref_type=heads", "gl", "g/s/p", "dev"],
  ["https://gitlab.com/g/p/-/blob/dev/a/b.ipynb", "gl", "g/p", "dev", "a/b.ipynb"],
  [`https://gitlab.com/g/p/-/commit/${sha}`, "gl", "g/p", sha],
  ["https://gitlab.com/g/p/-/tags/v1", "gl", "g/p", "v1"],
  ["https://gitlab.com/g/p/-/merge_requests/7", "gl", "g/p", "refs/merge-requests/7/head"],
  ["https://gitlab.com/g/p/-/issues", "gl", "g/p"],
  ["https://gitlab.com/g/p/tree/dev", "gl", "g/p", "dev"],
  ["https://gitlab.com/g/p/blob/dev/a.ipynb", "gl", "g/p", "dev", "a.ipynb"],
  ["git@gitlab.com:g/s/p.git", "gl", "g/s/p"],
  // any git
  ["https://git.example.org/x/y", "git", "https://git.example.org/x/y"],
  ["https://git.example.org/x/y.git", "git", "https://git.example.org/x/y.git"],
  ["https://git.example.org:8443/x", "git", "https://git.example.org:8443/x"],
  ["git://git.example.org/x", "git", "git://git.example.org/x"],
  ["git://127.0.0.1:4000/x", "git", "git://127.0.0.1:4000/x"],
  ["ssh://git@git.example.org:22/x", "git", "ssh://git.example.org:22/x"],
  ["git@git.example.org:x/y.git", "git", "ssh://git.example.org/x/y.git"],
  ["https://u:secret@git.example.org/x", "git", "https://git.example.org/x"],
  ["git.example.org/x/y", "git", "https://git.example.org/x/y"],
  ["git clone https://git.example.org/x", "git", "https://git.example.org/x"],
  ["https://bitbucket.org/u/r", "git", "https://bitbucket.org/u/r"],
  ["https://bitbucket.org/u/r/src/main/a.ipynb", "git", "https://bitbucket.org/u/r", "main", "a.ipynb"],
  ["https://codeberg.org/u/r/src/branch/main/a.ipynb", "git", "https://codeberg.org/u/r", "main", "a.ipynb"],
  ["https://codeberg.org/u/r/src/tag/v1", "git", "https://codeberg.org/u/r", "v1"],
  ["https://huggingface.co/datasets/u/r/tree/main", "git", "https://huggingface.co/datasets/u/r", "main"],
  ["https://git.sr.ht/~u/r/tree/main/item/a.ipynb", "git", "https://git.sr.ht/~u/r", "main", "a.ipynb"],
  // archives
  ["10.5281/zenodo.3242074", "zenodo", "10.5281/zenodo.3242074"],
  ["10.5281/ZENODO.3242074", "zenodo", "10.5281/zenodo.3242074"],
  ["doi:10.5281/zenodo.3242074", "zenodo", "10.5281/zenodo.3242074"],
  ["DOI:10.5281/zenodo.3242074", "zenodo", "10.5281/zenodo.3242074"],
  ["https://doi.org/10.5281/zenodo.3242074", "zenodo", "10.5281/zenodo.3242074"],
  ["http://dx.doi.org/10.5281/zenodo.3242074", "zenodo", "10.5281/zenodo.3242074"],
  ["https://doi.org/10.5281%2Fzenodo.3242074", "zenodo", "10.5281/zenodo.3242074"],
  ["https://zenodo.org/record/3242074", "zenodo", "10.5281/zenodo.3242074"],
  ["https://zenodo.org/records/3242074#files", "zenodo", "10.5281/zenodo.3242074"],
  ["https://zenodo.org/doi/10.5281/zenodo.3242074", "zenodo", "10.5281/zenodo.3242074"],
  ["10.6084/m9.figshare.9782777.v1", "figshare", "10.6084/m9.figshare.9782777.v1"],
  ["https://figshare.com/articles/code/A_title/9782777", "figshare", "10.6084/m9.figshare.9782777"],
  ["https://figshare.com/articles/code/A_title/9782777/3", "figshare", "10.6084/m9.figshare.9782777.v3"],
  ["10.7910/DVN/TJCLKP", "dataverse", "10.7910/DVN/TJCLKP"],
  ["https://doi.org/10.7910/DVN/TJCLKP", "dataverse", "10.7910/DVN/TJCLKP"],
  ["https://dataverse.harvard.edu/dataset.xhtml?persistentId=doi:10.7910/DVN/TJCLKP", "dataverse", "10.7910/DVN/TJCLKP"],
  ["10.18710/ABCDEF", "dataverse", "10.18710/ABCDEF"],
  [id, "hydroshare", id],
  [id.toUpperCase(), "hydroshare", id],
  [`https://www.hydroshare.org/resource/${id}/`, "hydroshare", id],
  [`10.4211/hs.${id}`, "hydroshare", id],
  ["https://demo.ckan.org/dataset/sample", "ckan", "https://demo.ckan.org/dataset/sample"],
  // links to launches, and badges
  ["https://mybinder.org/v2/gh/u/r/HEAD", "gh", "u/r", "HEAD"],
  ["https://mybinder.org/v2/gh/u/r/a/b?labpath=x%20y.ipynb", "gh", "u/r", "a/b", "x y.ipynb"],
  ["https://mybinder.org/v2/gh/u/r/main?filepath=x.ipynb", "gh", "u/r", "main", "x.ipynb", "filepath"],
  ["https://mybinder.org/v2/gh/u/r/main?urlpath=rstudio", "gh", "u/r", "main", "rstudio", "urlpath"],
  ["https://hub.example.org/some/base/v2/gl/g%2Fs%2Fp/dev", "gl", "g/s/p", "dev"],
  ["http://127.0.0.1:8585/v2/git/https%3A%2F%2Fgit.example.org%2Fx/HEAD", "git", "https://git.example.org/x", "HEAD"],
  ["https://mybinder.org/v2/zenodo/10.5281/zenodo.3242074/", "zenodo", "10.5281/zenodo.3242074"],
  ["[![Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/u/r/HEAD?labpath=a.ipynb)", "gh", "u/r", "HEAD", "a.ipynb"],
  ["<a href=\"https://mybinder.org/v2/gh/u/r/HEAD?urlpath=lab&amp;x=1\"><img src=\"https://mybinder.org/badge_logo.svg\" alt=\"Binder\"></a>", "gh", "u/r", "HEAD", "lab", "urlpath"],
  [".. image:: https://mybinder.org/badge_logo.svg\n   :target: https://mybinder.org/v2/gh/u/r/HEAD", "gh", "u/r", "HEAD"],
];

describe("a pasted text", () => {
  it.each(table)("%j is of %s", (text, provider, repo, ref = "", path = "", pathKind = "labpath") =>
    expect(understand(text, all)).toMatchObject({ provider, repo, ref, path, pathKind }));

  it.each([
    "", "   ", "word", "two words", "javascript:alert(1)", "javascript://github.com/u/r", "data:text/html,x", "file:///etc/passwd",
    "https://", "https:///x", "https://github.com", "https://github.com/u", "https://gitlab.com/g", "ftp://example.org/x", "u/r\nu/r",
    "https://github.com/u/r\u0000", "-u/r", "../..", "git clone", "10.5281", "@", "[![Binder](x)](", "https://gist.github.com/u/nothex!",
  ])("%j means nothing", (text) => expect(understand(text, all)).toBeNull());

  it("is a guess where it names no host", () => {
    expect(understand("u/r", all)?.certain).toBe(false);
    expect(understand("https://github.com/u/r", all)?.certain).toBe(true);
    expect(understand("10.18710/ABCDEF", all)?.certain).toBe(false);
  });

  it("is taken for what is offered only", () => {
    const offered = (...ids: string[]) => all.filter((one) => ids.includes(one.id));
    expect(understand("https://github.com/u/r/tree/dev", offered("git"))).toMatchObject({ provider: "git", repo: "https://github.com/u/r", ref: "dev" });
    expect(understand("https://github.com/u/r", offered("zenodo"))).toBeNull();
    expect(understand("u/r", offered("gl"))?.provider).toBe("gl");
    expect(understand("u/r", offered("git"))).toBeNull();
    expect(understand("https://data.example.org/dataset/x", offered("ckan"))).toMatchObject({ provider: "ckan", certain: false });
    expect(understand("https://mybinder.org/v2/gh/u/r/HEAD", offered("gl"))).toBeNull();
    expect(understand("https://github.com/u/r", [{ ...all[0]!, enabled: false }])).toBeNull();
    expect(understand("u/r", [])).toBeNull();
  });

  it("of another GitHub or GitLab is known by the provider's own host", () => {
    const other: Provider[] = [
      { ...all[0]!, detect: detect("github.example.edu") }, { ...all[2]!, detect: { regex: "^(https?://git\\.example\\.org:8443/)?(?<repo>.*[^/])/?" } }, all[3]!,
    ];
    expect(understand("https://github.example.edu/u/r/blob/main/a.ipynb", other)).toMatchObject({ provider: "gh", repo: "u/r", ref: "main", path: "a.ipynb" });
    expect(understand("https://git.example.org:8443/g/p/-/tree/x", other)).toMatchObject({ provider: "gl", repo: "g/p", ref: "x" });
    expect(understand("https://github.com/u/r", other)).toMatchObject({ provider: "git", repo: "https://github.com/u/r" });
  });

  it("never keeps a password", () =>
    expect(JSON.stringify(["https://u:hunter2@git.example.org/x", "https://hunter2@gitlab.com/g/p", "ssh://u:hunter2@h.org/x"].map((one) => understand(one, all)))).not.toContain("hunter2"));

  it.each(["a/".repeat(50_000), "https://github.com/" + "a/".repeat(1_990), "[![".repeat(1_300), "https://" + "a.".repeat(1_900) + "/", ".. image::\n".repeat(350), "<a href=".repeat(480)])(
    "is read quickly however hostile it is", (text) => {
      const begun = performance.now();
      understand(text, all);
      expect(performance.now() - begun).toBeLessThan(1_000);
    });
});
