import { expect, it } from "vitest";
import { serverAddress, withoutToken } from "./target";

const server = "https://hub.example.org/user/u-r-x/";

it.each([
  ["", ""],
  ["labpath=a%20b.ipynb", "doc/tree/a%20b.ipynb"],
  ["filepath=a/b.ipynb", "tree/a/b.ipynb"],
  ["urlpath=%2Frstudio%2F", "rstudio/"],
  ["urlpath=lab&labpath=a.ipynb", "doc/tree/a.ipynb"],
  ["urlpath=app%3Fx%3D1", "app?x=1&"],
])("%s leads to %s", (query, path) => {
  const expected = `${server}${path}${path.endsWith("&") ? "" : "?"}token=t`;
  expect(serverAddress(query, server, "t", "https://hub.example.org/")).toBe(expected);
});

it.each(["urlpath=%2F%2Fevil.org%2F", "urlpath=https%3A%2F%2Fevil.org", "urlpath=..%2F..%2Fhub%2Fhome", "labpath=..%2F..%2F..%2F..%2Fhub"])(
  "%s leads nowhere else",
  (query) => expect(serverAddress(query, server, "t", "https://hub.example.org/").startsWith(server)).toBe(true),
);

it.each([
  ["", ""],
  ["?build_token=a.b.c", ""],
  ["?labpath=a%20b+c&build_token=a.b.c&x", "?labpath=a%20b+c&x"],
  ["?no_build_token=1&build_tokens=2&build_token", "?no_build_token=1&build_tokens=2"],
])("%s without its token is %s", (query, kept) => expect(withoutToken(query)).toBe(kept));
