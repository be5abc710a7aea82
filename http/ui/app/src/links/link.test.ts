import { describe, expect, it } from "vitest";
import { badges } from "./badge";
import { linkOf, problemOf, readLink, specOf } from "./link";
import { all } from "./every_provider.fixture";

const of = (id: string) => all.find((one) => one.id === id)!;

describe("a spec", () => {
  it.each([
    ["gh", "u/r", "", "u/r/HEAD"],
    ["gh", "u/r", "a/b", "u/r/a/b"],
    ["gh", "u/r", "a b#c", "u/r/a%20b%23c"],
    ["gist", "u/abc", "", "u/abc/HEAD"],
    ["gl", "g/s/p", "dev", "g%2Fs%2Fp/dev"],
    ["git", "https://git.example.org/x/y", "", "https%3A%2F%2Fgit.example.org%2Fx%2Fy/HEAD"],
    ["git", "https://git.example.org/x/", "", "https%3A%2F%2Fgit.example.org%2Fx/HEAD"],
    ["zenodo", "10.5281/zenodo.1", "passed over", "10.5281/zenodo.1"],
    ["ckan", "https://h.org/dataset/x?activity_id=y", "", "https%3A%2F%2Fh.org%2Fdataset%2Fx%3Factivity_id%3Dy"],
    ["gh", "  ", "", ""],
  ])("of %s %j at %j is %j", (id, repo, ref, spec) => expect(specOf(of(id), repo, ref)).toBe(spec));

  it.each([
    ["gh", "", "empty"], ["gh", "r", "malformed"], ["gh", "u/r", null], ["git", "word", "malformed"], ["git", "https://h/x", null],
    ["git", "git@h.org:x", null], ["zenodo", "no doi", "malformed"], ["zenodo", "10.5281/zenodo.1", null], ["gl", "g/p", null],
  ])("of %s: %j is %j", (id, repo, problem) => expect(problemOf(of(id), repo, "")).toBe(problem));
});

describe("a link", () => {
  it.each([
    ["gh", "u/r", "a/b", "", "labpath"], ["gh", "u/r", "HEAD", "a b?.ipynb", "labpath"], ["gl", "g/s/p", "dev", "x.ipynb", "filepath"],
    ["git", "https://h.org:8/x y", "HEAD", "lab/tree/a%20b?x=1&y=2", "urlpath"], ["gist", "u/abc", "HEAD", "", "labpath"],
    ["zenodo", "10.5281/zenodo.1", "", "", "labpath"], ["hydroshare", "abc", "", "Ü.ipynb", "labpath"],
  ] as const)("of %s %j at %j is read back as it was made", (id, repo, ref, path, pathKind) => {
    const link = new URL(linkOf("https://hub.example.org/base/", id, specOf(of(id), repo, ref), path, pathKind));
    expect(readLink(link.pathname, link.search, "/base/")).toMatchObject({ provider: id, repo, ref, path, pathKind });
  });

  it("of another place is none", () => {
    expect(readLink("/about", "", "/")).toBeNull();
    expect(readLink("/v2/gh", "", "/")).toBeNull();
    expect(readLink("/v2/gh/u/r/HEAD", "", "/base/")).toBeNull();
  });

  it("keeps the spec as it stands", () =>
    expect(readLink("/v2/git/https%3A%2F%2Fh%2Fx/a%2Fb", "", "/")).toMatchObject({ spec: "https%3A%2F%2Fh%2Fx/a%2Fb", repo: "https://h/x", ref: "a/b" }));

  it("with broken escapes is shown as it is", () => expect(readLink("/v2/gh/u/r/%ff", "", "/")?.ref).toBe("%ff"));
});

it("badges are safe in their languages", () => {
  const made = badges("https://hub.example.org/", "https://hub.example.org/v2/gh/u/r/a(b)?labpath=x&urlpath=\"y\"");
  expect(made.markdown).toBe("[![Binder](https://hub.example.org/badge_logo.svg)](https://hub.example.org/v2/gh/u/r/a%28b%29?labpath=x&urlpath=\"y\")");
  expect(made.html).toBe("<a href=\"https://hub.example.org/v2/gh/u/r/a(b)?labpath=x&amp;urlpath=&quot;y&quot;\"><img src=\"https://hub.example.org/badge_logo.svg\" alt=\"Binder\"></a>");
  expect(made.rst).toBe(".. image:: https://hub.example.org/badge_logo.svg\n   :target: https://hub.example.org/v2/gh/u/r/a(b)?labpath=x&urlpath=\"y\"");
});
