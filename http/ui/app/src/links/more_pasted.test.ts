import { describe, expect, it } from "vitest";
import { choose, nothing } from "../home/choice";
import { all } from "./every_provider.fixture";
import { id, sha } from "./pasted_texts.fixture";
import { understand } from "./understand";

/// Less usual texts: text: provider, repo, ref, path.
const table: [string, string, string, string?, string?][] = [
  // marks around it
  ["u/r/", "gh", "u/r"],
  ["\u061cu/r\u2069", "gh", "u/r"],
  ["\u201chttps://github.com/u/r\u201d.", "gh", "u/r"],
  ["(see https://github.com/u/r)".slice(5), "gh", "u/r"],
  ["https://mybinder.org/v2/gh/u/r/HEAD?labpath=a(1)", "gh", "u/r", "HEAD", "a(1)"],
  ["doi: 10.5281/zenodo.1", "zenodo", "10.5281/zenodo.1"],
  ["10.5281/zenodo.1/", "zenodo", "10.5281/zenodo.1"],
  // badges
  [".. |Binder| image:: https://mybinder.org/badge_logo.svg\n   :target: https://mybinder.org/v2/gh/u/r/HEAD", "gh", "u/r", "HEAD"],
  [".. image:: https://mybinder.org/badge_logo.svg\n   :alt: Binder\n   :target: https://mybinder.org/v2/gh/u/r/HEAD\n", "gh", "u/r", "HEAD"],
  ["[![Binder](b.svg)](https://mybinder.org/v2/gh/u/r/HEAD?labpath=a(1).ipynb)", "gh", "u/r", "HEAD", "a(1).ipynb"],
  ["[![Binder](b.svg)](https://mybinder.org/v2/gh/u/r/HEAD \"launch\")", "gh", "u/r", "HEAD"],
  ["<a target=\"_blank\" href='https://mybinder.org/v2/gh/u/r/HEAD'>\n<img src=\"b.svg\"></a>", "gh", "u/r", "HEAD"],
  ["[![DOI](https://zenodo.org/badge/DOI/10.5281/zenodo.1.svg)](https://doi.org/10.5281/zenodo.1)", "zenodo", "10.5281/zenodo.1"],
  // commands
  ["git clone https://github.com/u/r\ncd r", "gh", "u/r"],
  ["git clone https://github.com/u/r && cd r", "gh", "u/r"],
  ["!git clone \"https://github.com/u/r\"", "gh", "u/r"],
  ["git clone --depth 1 --filter blob:none -b 'dev' https://github.com/u/r", "gh", "u/r", "dev"],
  ["git clone https://github.com/u/r -b dev", "gh", "u/r", "dev"],
  ["git clone --branch feature/x https://gitlab.com/g/s/p.git", "gl", "g/s/p", "feature/x"],
  ["gh repo clone https://github.com/u/r -- --depth=1", "gh", "u/r"],
  ["git+https://github.com/u/r@dev", "gh", "u/r", "dev"],
  ["git+ssh://git@github.com/u/r.git", "gh", "u/r"],
  ["git+ssh://git@github.com/u/r.git@v1", "gh", "u/r", "v1"],
  ["pip install git+https://github.com/u/r.git@v1#egg=r", "gh", "u/r", "v1"],
  ["git+https://git.example.org/x", "git", "https://git.example.org/x"],
  // forges
  ["https://github.com/u/r/tree/v2/gh/x", "gh", "u/r", "v2", "gh/x"],
  ["https://github.com/u/r/commits/refs/heads/dev", "gh", "u/r", "dev"],
  ["https://github.com/u/r/tree/refs/tags/v1", "gh", "u/r", "v1"],
  ["https://github.com/u/r/releases/tag/a%2Fb", "gh", "u/r", "a/b"],
  ["https://github.com/u/r/actions/runs/1", "gh", "u/r"],
  ["https://github.com/u/r/blob/main/%E2%80%AEx.ipynb", "gh", "u/r", "main", "%E2%80%AEx.ipynb"],
  ["https://github.com/u/r/blob/main/%00", "gh", "u/r", "main", "%00"],
  ["https://colab.research.google.com/gist/u/" + id, "gist", `u/${id}`],
  ["https://github.dev/u/r/blob/main/a.ipynb", "gh", "u/r", "main", "a.ipynb"],
  [`https://gist.githubusercontent.com/u/${id}/raw/a.ipynb`, "gist", `u/${id}`, "", "a.ipynb"],
  ["https://gitlab.com/g/p/tags", "gl", "g/p/tags"],
  ["https://gitlab.com/g/p/issues/3", "gl", "g/p"],
  ["https://gitlab.com/g/p/merge_requests/3", "gl", "g/p", "refs/merge-requests/3/head"],
  ["https://gitlab.com/g/p/-/releases/v1", "gl", "g/p", "v1"],
  ["https://gitlab.com/g/p/-/tree/feature%2Fx/a%20b", "gl", "g/p", "feature/x", "a b"],
  ["https://gitlab.com/g/tree/p", "gl", "g/tree/p"],
  // any git
  ["https://git.example.org/g/s/p/-/tree/dev/x", "git", "https://git.example.org/g/s/p", "dev", "x"],
  ["https://git.example.org/g/p/-/merge_requests/4", "git", "https://git.example.org/g/p", "refs/merge-requests/4/head"],
  ["https://huggingface.co/u/r/tree/main", "git", "https://huggingface.co/u/r", "main"],
  ["https://huggingface.co/datasets/u/r/blob/main/a/b.ipynb", "git", "https://huggingface.co/datasets/u/r", "main", "a/b.ipynb"],
  [`https://bitbucket.org/u/r/commits/${sha}`, "git", "https://bitbucket.org/u/r", sha],
  ["https://Git.Example.org/X", "git", "https://Git.Example.org/X"],
  ["ssh://u:secret@git.example.org/x", "git", "ssh://u@git.example.org/x"],
  ["example.ch/x", "git", "https://example.ch/x"],
  ["https://[2001:db8::1]:8443/x", "git", "https://[2001:db8::1]:8443/x"],
  ["https://git.example.org/dataset/x.git", "git", "https://git.example.org/dataset/x.git"],
  // archives
  ["10.6084/M9.FIGSHARE.9782777.V1", "figshare", "10.6084/m9.figshare.9782777.v1"],
  ["https://figshare.com/articles/dataset/2020/9782777/2", "figshare", "10.6084/m9.figshare.9782777.v2"],
  ["doi.org/10.5281/zenodo.1", "zenodo", "10.5281/zenodo.1"],
  ["https://data.example.org/dataset/x", "ckan", "https://data.example.org/dataset/x"],
  ["https://demo.ckan.org/en/dataset/x?activity_id=a%26b", "ckan", "https://demo.ckan.org/en/dataset/x?activity_id=a%26b"],
  ["https://mybinder.org/v2/ckan/https%3A%2F%2Fh.org%2Fdataset%2Fx", "ckan", "https://h.org/dataset/x"],
];

describe("a less usual text", () => {
  it.each(table)("%j is of %s", (text, provider, repo, ref = "", path = "") =>
    expect(understand(text, all)).toMatchObject({ provider, repo, ref, path }));

  it.each([
    "u/..", "u/.", "https://github.com/u/..", "https://github.com/../r", "https://github.com/%2e%2e/r", "https://github.com/u%2Fx/r",
    "https://github.com/orgs/foo", "https://gitlab.com/groups/g/-/issues", "https://gitlab.com/-/ide/project/g/p",
    "https://colab.research.google.com/drive/1", "https://nbviewer.org/url/example.org/a.ipynb", "https://www.kaggle.com/code/u/x",
    "https://sandbox.zenodo.org/record/1", "https://zenodo.org/communities/x", "https://doi.org/nothing", "https://mybinder.org/v2/gh/u",
    "https://h.org/dataset.xhtml?persistentId=hdl:1/2", "https://h.org/v2/gh/u", "javascript://h/v2/gh/u/r/HEAD", "https://h.org/a/../b",
    "u/r\u0085", "u/r\u00a0x", "\u2028", "\ud800", "10.5281/zenodo.\ud800",
    "https://h.org/dataset.xhtml?persistentId=doi:10.7910/DVN%00X", "[![B](b)](https://mybinder.org/v2/gh/u/r/H\u0000D)",
    "git clone -b \ud800 https://github.com/u/r", "git clone -b dev", "git+https://", "pip install r",
  ])("%j means nothing, and the form says so", (text) => {
    expect(understand(text, all)).toBeNull();
    expect(choose({ ...nothing, text }, all)?.problem).not.toBeNull();
  });
});

it("what is too long to be an address means nothing", () => {
  expect(understand(`https://github.com/u/r/blob/main/${"a".repeat(100_000)}`, all)).toBeNull();
  expect(understand(`https://github.com/u/r/blob/main/${"a".repeat(1_000)}`, all)).not.toBeNull();
});

// What looks at each pair of places, and at others for each, takes longer than this; else a slow machine needs a tenth.
const hangs = 30_000;

it.each([")", "](", "[![a](b)](", ".. |a| image::x\n", "<a ", "git clone -b ", "a.", "%25", "\u202e", " ", "-- ", "<a href='x'", "[[", "image:[link=", "git+https://a/@#", "a.b@", "x#", "(", "ssh://a:", "/-/", "a && "])("repeated, %j does not stop the page", (text) => {
  for (const before of ["", "https://github.com/u/r/", "https://github.com/u/r/compare/", ".. image:: ", "git clone ", "[a](", "<a href='x'>", "pip install "]) understand((before + text.repeat(4_000)).slice(0, 4_000), all);
}, hangs);
