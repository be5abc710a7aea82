import { describe, expect, it } from "vitest";
import { choose, nothing } from "../home/choice";
import { all } from "./every_provider.fixture";
import { problemOf } from "./link";
import { pages } from "./pasted_pages.fixture";
import { id } from "./pasted_texts.fixture";
import { understand } from "./understand";

const of = (provider: string) => all.find((one) => one.id === provider)!;

describe("from a page, a command or another service", () => {
  it.each(pages)("%j is of %s", (text, provider, repo, ref = "", path = "", pathKind = "labpath") =>
    expect(understand(text, all)).toMatchObject({ provider, repo, ref, path, pathKind }));

  it.each([
    // blanks where none can be
    "https://github.com/u/my repo", "https://github.com/u/r is mine", "https://github.com/u/r/tree/main is broken", "https://git.example.org/x and more",
    "https://github.com/u/r https://github.com/u/s", "https://github.com/u/r/blob/main/a.ipynb and https://x.org", "git@git.example.org:x y", "10.5281/zenodo.1 and more",
    // refs and names that are none
    "u/r#semver:^1.0", "u/r@v1@v2", "u/r#a..b", "u/r@-x", "https://github.com/u/r.git@a^b", "https://github.com/u/r%20x", "https://github.com/u/r%23x",
    "https://github.com/%40u/r", "https://gitlab.com/g/p%3Fx", "https://gitlab.com/@g/p", "git clone -b a..b https://github.com/u/r",
    // pages that are no repositories
    "https://github.com/codespaces/new", "https://github.com/stars/u", "https://github.com/api/v3", "https://api.github.com/users/u", "https://codeload.github.com/u/r",
    "https://gitlab.com/projects/5", "https://gitlab.com/api/v4/projects/5", "https://dataverse.harvard.edu/dataverse/x", "https://osf.io/abcde/",
    "https://drive.google.com/file/d/1", "https://www.google.com/url?q=https://example.org", "https://hub.example.org/hub/user-redirect/lab/tree/a.ipynb",
    "https://hub.example.org/user/me/lab/tree/a.ipynb", "https://example.org/a.ipynb", "https://example.org/x.zip", "https://x.readthedocs.io/en/latest/", "https://pypi.org/project/x/", "www.kaggle.com/code/u/x",
    "https://bitbucket.org/u", "https://mybinder.org/repo/u", "https://archive.softwareheritage.org/swh:1:dir:0", "swh:1:dir:0",
    // neither this nor that
    "a/b/c", "u/r/x/y", "[a](https://x.org/y) [b](https://z.org/y)", "pip install git+https://h.org/a git+https://h.org/b", "gh pr checkout 5", "git push", "gh",
  ])("%j means nothing, and the form says so", (text) => {
    expect(understand(text, all)).toBeNull();
    expect(choose({ ...nothing, text }, all)?.problem).not.toBeNull();
  });

  it("is a guess where the address tells of a repository only by the way", () => {
    for (const text of ["https://u.github.io/r/", "Code: https://github.com/u/r", "u/r#12"]) expect(understand(text, all)?.certain).toBe(false);
    for (const text of ["github:u/r", "https://codeload.github.com/u/r/zip/main", "wget https://github.com/u/r/archive/main.zip"])
      expect(understand(text, all)?.certain).toBe(true);
  });

  it("is not followed without end", () => {
    const around = (text: string, times: number): string => (times === 0 ? text : around(`https://www.google.com/url?q=${encodeURIComponent(text)}`, times - 1));
    expect(understand(around("https://github.com/u/r", 3), all)).toMatchObject({ repo: "u/r" });
    expect(understand(around("https://github.com/u/r", 4), all)).toBeNull();
  });

  it("is a clone's address where only git is offered", () => {
    const git = [of("git")];
    expect(understand("https://github.com/u/r.git@v1", git)).toMatchObject({ repo: "https://github.com/u/r.git", ref: "v1" });
    expect(understand("https://github.com/u/r@v1", git)).toMatchObject({ repo: "https://github.com/u/r", ref: "v1" });
    expect(understand("https://codeload.github.com/u/r/zip/main", git)).toMatchObject({ repo: "https://github.com/u/r", ref: "main" });
    expect(understand("https://api.github.com/repos/u/r", git)).toMatchObject({ repo: "https://github.com/u/r" });
    expect(understand("https://mybinder.org/repo/u/r", git)).toBeNull();
    expect(understand(`https://gist.github.com/${id}`, [of("gist")])).toBeNull();
  });

  it("an issue of GitLab's is no version", () => expect(understand("g/p#12", [of("gl")])).toBeNull());
});

describe("a repository", () => {
  it.each([
    ["gh", "u/r#main"], ["gh", "u/r@main"], ["gh", "u/r?x"], ["gh", "u/a b"], ["gh", "u/r\u0000"], ["gh", "u/r/blob/main/a.ipynb"], ["gh", "u/\u00fc"],
    ["gh", "www.kaggle.com/code"], ["gh", "https://github.com/u/r/x"], ["gist", "u/r"], ["gist", `u/${id}#a`], ["gist", `u/${id}/a b`], ["gl", "g"], ["gl", "projects/5"], ["gh", "orgs/o"], ["gl", "g/p#x"],
    ["gl", "g/a b"], ["gl", "https://gitlab.com/g/p?x"], ["git", "https://h.org/a b"], ["git", "https://"], ["git", "https://h.org/x#main"], ["git", "git@h.org:a\u0007"],
    ["zenodo", "10.5281/zenodo.1 x"], ["ckan", "https://h.org/dataset/a b"], ["ckan", "no-url"], ["ckan", "https://h.org/x"], ["hydroshare", "abc"], ["dataverse", "x/y"],
  ])("of %s is never %j", (provider, repo) => expect(problemOf(of(provider), repo, "")).toBe("malformed"));

  it.each([
    ["gh", "u-1/r.x_y-z"], ["gh", "u_corp/r.git"], ["gh", "https://github.com/u/r/"], ["gist", `u/${id}`], ["gl", "g.x/s-1/p_2"], ["git", "git@h.org:~u/x.git"],
    ["git", "https://h.org/My%20Project/_git/r"], ["figshare", "10.6084/m9.figshare.1.v2"], ["hydroshare", `https://www.hydroshare.org/resource/${id}`],
    ["ckan", "https://h.org/dataset/x?activity_id=y"],
  ])("of %s may be %j", (provider, repo) => expect(problemOf(of(provider), repo, "")).toBeNull());
});
