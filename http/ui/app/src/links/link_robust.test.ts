import { describe, expect, it } from "vitest";
import { badges } from "./badge";
import { all } from "./every_provider.fixture";
import { linkOf, problemOf, readLink, specOf } from "./link";
import { table } from "./pasted_texts.fixture";
import { pages } from "./pasted_pages.fixture";
import type { Provider } from "./provider";
import { understand } from "./understand";

const of = (id: string) => all.find((one) => one.id === id)!;

describe("a spec", () => {
  it.each([
    ["gh", "https://github.com/u/r/", "u/r/HEAD"],
    ["gl", "https://gitlab.com/g/s/p", "g%2Fs%2Fp/HEAD"],
    ["git", "git@h.org:x/y.git", "git%40h.org%3Ax%2Fy.git/HEAD"],
    ["git", "https://github.com/u/r.git", "https%3A%2F%2Fgithub.com%2Fu%2Fr.git/HEAD"],
    ["gh", "u/\ud800", "u/%EF%BF%BD/HEAD"],
  ])("of %s is made of %j without what the provider knows itself", (id, repo, spec) => expect(specOf(of(id), repo, "")).toBe(spec));

  it.each(["u/..", "./r", "../.."])("with steps such as %s is malformed", (repo) => expect(problemOf(of("gh"), repo, "")).toBe("malformed"));
  it("with steps for a ref is malformed", () => expect(problemOf(of("gh"), "u/r", "a/..")).toBe("malformed"));
  it("of a foreign host is malformed", () => expect(problemOf(of("gh"), "https://gitlab.com/g/p", "")).toBe("malformed"));

  it("is made and judged in time, however long the text", () => {
    for (const text of [`a${"/".repeat(100_000)}b`, "/".repeat(100_000), "a/".repeat(50_000), "\u202e".repeat(100_000), `${"a".repeat(50_000)} b`, `https://h${"/dataset/".repeat(5_000)} b`])
      for (const one of all) problemOf(one, text, text);
  }, 60_000);

  it("bears patterns of other languages", () => {
    const other: Provider = { id: "x", displayName: "X", spec: { validateRegex: "(?P<a>.)" }, detect: { regex: "(" } };
    expect(specOf(other, "a b", "")).toBe("a%20b");
    expect(problemOf(other, "a", "")).toBeNull();
  });
});

it("half characters stand in no link", () =>
  expect(linkOf("https://h/", "gh", "u/r/HEAD", "a\udc00", "labpath")).toBe("https://h/v2/gh/u/r/HEAD?labpath=a%EF%BF%BD"));

describe("a link read back", () => {
  it("has no slash of a missing ref", () => expect(readLink("/v2/zenodo/10.5281/zenodo.1/", "", "/")).toMatchObject({ spec: "10.5281/zenodo.1/", repo: "10.5281/zenodo.1", ref: "" }));
  it("shows no marks of direction", () => expect(readLink("/v2/gh/u/%E2%80%AEr/HEAD", "", "/")?.repo).toBe("u/%E2%80%AEr"));
  it("knows no provider by the name of an object's own", () => expect(readLink("/v2/constructor/a/b", "", "/")).toMatchObject({ repo: "a/b", ref: "" }));

  it.each([...table, ...pages])("of %j is what was understood", (text) => {
    const read = understand(text, all)!;
    const link = linkOf("https://hub.example.org/base/", read.provider, specOf(of(read.provider), read.repo, read.ref), read.path, read.pathKind);
    expect(problemOf(of(read.provider), read.repo, read.ref)).toBeNull();
    const { certain: _, ...expected } = read;
    const versioned = of(read.provider).ref?.enabled;
    const { pathname, search } = new URL(link);
    expect(readLink(pathname, search, "/base/")).toMatchObject({ ...expected, ref: read.ref || (versioned ? "HEAD" : "") });
    // The link itself means the same to whoever pastes it.
    expect(understand(link, all)).toMatchObject({ ...expected, ref: read.ref || (versioned ? "HEAD" : "") });
  });
});

it("badges hold no blanks and no marks of their languages", () => {
  const made = badges("https://h/", "https://h/v2/gh/u/r/a\u00a0b c\\<d>");
  expect(made.markdown).toBe("[![Binder](https://h/badge_logo.svg)](https://h/v2/gh/u/r/a%C2%A0b%20c%5C%3Cd%3E)");
  expect(made.rst).toBe(".. image:: https://h/badge_logo.svg\n   :target: https://h/v2/gh/u/r/a%C2%A0b%20c\\<d>");
});

it.each(["markdown", "html", "rst"] as const)("a badge in %s is understood as its link", (language) => {
  const link = linkOf("https://hub.example.org/", "gh", "u/r/HEAD", "a (1) & b.ipynb", "labpath");
  expect(understand(badges("https://hub.example.org/", link)[language], all)).toEqual(understand(link, all));
});
