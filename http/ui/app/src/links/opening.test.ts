import { describe, expect, it } from "vitest";
import { serverAddress } from "../launch/target";
import { all } from "./every_provider.fixture";
import { linkOf, specOf } from "./link";
import type { PathKind } from "./understood";
import { understand } from "./understand";

const server = "https://hub.example.org/user/u-r-x/";
const linkFor = (path: string, kind: PathKind) => new URL(linkOf("https://hub.example.org/", "gh", "u/r/HEAD", path, kind));
const landing = (link: URL) => new URL(serverAddress(link.search, server, "t", "https://hub.example.org/"));

const names = [
  "a.ipynb", "a#b.ipynb", "what?.ipynb", "100%.ipynb", "a%23b.ipynb", "100%25?.ipynb", "C#/x.ipynb", "why?/what#/a b.ipynb", "a#b?c%d&e=f+g.ipynb", "\u00dc#.ipynb",
  "#", "?", "a[1]#.ipynb", "a\\#.ipynb",
];

describe("a file", () => {
  it.each(names.flatMap((name) => [[name, "labpath", "doc/tree/"], [name, "filepath", "tree/"]] as const))("named %j opens by its name: %s", (name, kind, start) => {
    const { pathname, search, hash } = landing(linkFor(name, kind));
    expect([decodeURIComponent(pathname), search, hash]).toEqual([`/user/u-r-x/${start}${name}`, "?token=t", ""]);
  });

  it.each(names)("named %j opens by its name when its page is pasted", (name) => {
    const read = understand(`https://github.com/u/r/blob/main/${name.split("/").map(encodeURIComponent).join("/")}`, all)!;
    const { pathname, hash } = landing(linkFor(read.path, read.pathKind));
    expect([decodeURIComponent(pathname), hash]).toEqual([`/user/u-r-x/doc/tree/${name}`, ""]);
  });

  it("whose name looks like a place in another opens, too, when its page is pasted", () => {
    const read = understand("https://github.com/u/r/blob/main/a.ipynb%23old", all)!;
    expect(read).toMatchObject({ path: "doc/tree/a.ipynb%23old", pathKind: "urlpath" });
    expect(landing(linkFor(read.path, read.pathKind)).pathname).toBe("/user/u-r-x/doc/tree/a.ipynb%23old");
  });

  it("has marks that end a path escaped twice in its link, others once", () => {
    expect(linkFor("a#b c.ipynb", "labpath").search).toBe("?urlpath=doc%2Ftree%2Fa%2523b%2520c.ipynb");
    expect(linkFor("a?/b", "filepath").search).toBe("?urlpath=tree%2Fa%253F%2Fb");
    expect(linkFor("100%.ipynb", "labpath").search).toBe("?labpath=100%25.ipynb");
    expect(linkFor("a?b/", "labpath").search).toBe("?urlpath=doc%2Ftree%2Fa%253Fb");
    expect(linkFor("\ud800?", "labpath").search).toBe("?urlpath=doc%2Ftree%2F%25EF%25BF%25BD%253F");
  });
});

describe("a place in a file", () => {
  it.each(["a.ipynb#Results", "a.ipynb#1.2-Results", "a.ipynb#A/B", "notes.md#Intro", "a.ipynb?x=1"])("such as %s opens as in links of BinderHub's", (path) =>
    expect(linkFor(path, "labpath").search).toBe(`?labpath=${encodeURIComponent(path)}`));
});

describe("a link that was pasted", () => {
  it.each(["urlpath=lab%2Ftree%2Fa.ipynb%23Results", "urlpath=app%3Fx%3D1", "labpath=a.ipynb%23Results", "urlpath=doc%2Ftree%2Fa%20b.ipynb", "urlpath=doc%2Ftree%2Fa.ipynb%2523old", "filepath=100%25.ipynb"])(
    "with %s leads where it led", (query) => {
      const read = understand(`https://mybinder.org/v2/gh/u/r/HEAD?${query}`, all)!;
      const made = linkFor(read.path, read.pathKind);
      expect(landing(made).href).toBe(landing(new URL(`https://h/?${query}`)).href);
    });

  it("of ours is read back as a file", () => {
    const link = linkOf("https://h/", "gh", specOf(all[0]!, "u/r", "dev"), "a#b.ipynb", "labpath");
    expect(understand(link, all)).toMatchObject({ repo: "u/r", ref: "dev", path: "a#b.ipynb", pathKind: "labpath" });
  });
});
