import { describe, expect, it } from "vitest";
import { choose, nothing } from "../home/choice";
import { all, detect } from "./every_provider.fixture";
import { id, sha, table } from "./pasted_texts.fixture";
import type { Provider } from "./provider";
import { understand } from "./understand";

const offered = (...ids: string[]) => all.filter((one) => ids.includes(one.id));

describe("where only git is offered", () => {
  it.each([
    ["https://github.com/u/r", "https://github.com/u/r"],
    ["https://github.com/u/r.git", "https://github.com/u/r.git"],
    ["git@github.com:u/r.git", "git@github.com:u/r.git"],
    ["https://github.com/u/r/pull/12", "https://github.com/u/r", "refs/pull/12/head"],
    ["https://github.com/u/r/issues/1", "https://github.com/u/r"],
    ["https://raw.githubusercontent.com/u/r/main/a.ipynb", "https://github.com/u/r", "main", "a.ipynb"],
    ["https://colab.research.google.com/github/u/r/blob/main/a.ipynb", "https://github.com/u/r", "main", "a.ipynb"],
    ["gh repo clone u/r", "https://github.com/u/r"],
    ["https://gitlab.com/g/s/p/-/tree/dev/x", "https://gitlab.com/g/s/p", "dev", "x"],
    ["https://gitlab.com/g/s/p", "https://gitlab.com/g/s/p"],
    [`https://gist.github.com/u/${id}/${sha}`, `https://gist.github.com/u/${id}.git`, sha],
    ["https://data.example.org/dataset/x", "https://data.example.org/dataset/x"],
  ])("%s is a clone's address", (text, repo, ref = "", path = "") =>
    expect(understand(text, offered("git"))).toMatchObject({ provider: "git", repo, ref, path }));

  it.each([
    "u/r", "10.5281/zenodo.1", "https://doi.org/10.5281/zenodo.1", "https://zenodo.org/records/1", "https://figshare.com/articles/code/x/9782777",
    `https://www.hydroshare.org/resource/${id}/`, id, "https://mybinder.org/v2/gh/u/r/HEAD", "https://hub.example.org/base/v2/gl/g%2Fp/HEAD",
    "https://dataverse.harvard.edu/dataset.xhtml?persistentId=doi:10.7910/DVN/X",
    "https://www.kaggle.com/code/u/x", "https://example.org/a.ipynb",
  ])("%s is none that git could clone, and the form says so", (text) => {
    expect(understand(text, offered("git"))).toBeNull();
    expect(choose({ ...nothing, text }, offered("git"))?.problem).toBe("malformed");
  });

  it("what somebody says is git's is", () =>
    expect(choose({ ...nothing, text: "https://example.org/x.zip", provider: "git" }, offered("git"))?.problem).toBeNull());
});

it("a DOI is no user of GitHub's", () => expect(understand("10.5281/zenodo.1", offered("gh", "gl"))).toBeNull());

it("other DOIs are Dataverse's, or else perhaps Zenodo's", () => {
  expect(understand("10.18710/ABC", offered("zenodo"))).toMatchObject({ provider: "zenodo", certain: false });
  expect(understand("10.18710/ABC", all)).toMatchObject({ provider: "dataverse", certain: false });
  expect(understand("10.7910/DVN/X", all)?.certain).toBe(true);
});

it("a dataset is certain where the host's name or the lack of git says so", () => {
  expect(understand("https://data.example.org/dataset/x", all)?.certain).toBe(false);
  expect(understand("https://demo.ckan.org/dataset/x", all)?.certain).toBe(true);
  expect(understand("https://data.example.org/dataset/x", offered("ckan"))?.certain).toBe(true);
});

it("an unknown host without a scheme is a guess", () => {
  expect(understand("example.ch/x", all)?.certain).toBe(false);
  expect(understand("https://example.ch/x", all)?.certain).toBe(true);
  expect(understand("git@example.ch:x", all)?.certain).toBe(true);
});

it.each(["^(https?://git\\.example\\.edu/)?(?<repo>.*[^/])/?", "^(?:https?:\\/\\/git\\.example\\.edu\\/)?(?<repo>.+)"])("an Enterprise has a host of its own: %s", (regex) => {
  const own: Provider[] = [{ ...all[0]!, detect: { regex } }, { ...all[2]!, detect: detect("lab.example.edu") }, all[3]!];
  expect(understand("git@git.example.edu:u/r.git", own)).toMatchObject({ provider: "gh", repo: "u/r" });
  expect(understand("https://lab.example.edu/g/s/p/-/blob/x/y", own)).toMatchObject({ provider: "gl", repo: "g/s/p", ref: "x", path: "y" });
  // What other sites show lies at github.com itself.
  expect(understand("https://nbviewer.org/github/u/r/blob/main/a.ipynb", own)).toMatchObject({ provider: "git", repo: "https://github.com/u/r", ref: "main" });
  expect(understand("https://gitlab.com/g/p/-/tree/x", own)).toMatchObject({ provider: "git", repo: "https://gitlab.com/g/p", ref: "x" });
});

it("no provider is named that is not offered", () => {
  for (const left of all)
    for (const [text] of table) {
      const others = all.map((one) => (one === left ? { ...one, enabled: false } : one));
      expect(understand(text, others)?.provider, text).not.toBe(left.id);
      expect([left.id, undefined], text).toContain(understand(text, [left])?.provider);
    }
});
