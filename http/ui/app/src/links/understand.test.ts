import { describe, expect, it } from "vitest";
import { choose, nothing } from "../home/choice";
import { all, detect } from "./every_provider.fixture";
import { table } from "./pasted_texts.fixture";
import type { Provider } from "./provider";
import { understand } from "./understand";

describe("a pasted text", () => {
  it.each(table)("%j is of %s", (text, provider, repo, ref = "", path = "", pathKind = "labpath") =>
    expect(understand(text, all)).toMatchObject({ provider, repo, ref, path, pathKind }));

  it.each([
    "", "   ", "word", "two words", "javascript:alert(1)", "javascript://github.com/u/r", "data:text/html,x", "file:///etc/passwd",
    "https://", "https:///x", "https://github.com", "https://github.com/u", "https://gitlab.com/g", "ftp://example.org/x", "u/r\nu/r",
    "https://github.com/u/r\u0000", "-u/r", "../..", "git clone", "10.5281", "@", "[![Binder](x)](", "https://gist.github.com/u/nothex!",
  ])("%j means nothing, and the form says so", (text) => {
    expect(understand(text, all)).toBeNull();
    expect(choose({ ...nothing, text }, all)?.problem).not.toBeNull();
  });

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
    expect(understand("https://data.example.org/dataset/x", offered("ckan"))).toMatchObject({ provider: "ckan", certain: true });
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
    "does not stop the page however hostile it is", (text) => {
      expect(() => understand(text, all)).not.toThrow();
    }, 30_000);
});
