import { unescapedOnce } from "./escapes";
import type { Provider } from "./provider";
import { mayBeRef } from "./ref_names";
import { offers, type Understood, understood } from "./understood";

const form = /^(?:(github|gh|gitlab|gl):)?([A-Za-z0-9][\w-]*)\/([\w.-]+?)(?:\.git)?(?:[@#]([^\s@#]+?)|\/(?:tree|blob)\/([^\s/]+)(?:\/(\S+?))?)?\/?$/;

const prefixes: Record<string, string> = { github: "gh", gh: "gh", gitlab: "gl", gl: "gl" };

/** `user/repo`, `user/repo@ref`, `user/repo#ref`, `user/repo/tree/ref/…`: at which host is a guess, unless it begins with
 *  `github:` or so. What has a dot first is a host. */
export function readShortName(text: string, providers: Provider[]): Understood | null {
  const [, prefix, user, repo, at, tree, path] = form.exec(text) ?? [];
  const id = (prefix ? [prefixes[prefix]!] : ["gh", "gl"]).find((one) => offers(providers, one));
  if (!user || !repo || !id || /^\.\.?$/.test(repo)) return null;
  const ref = unescapedOnce(at ?? tree ?? "");
  if (!mayBeRef(ref)) return null;
  // GitHub's people write pull requests so. Issues, too, but those are no versions.
  const pull = id === "gh" && text.includes("#") && /^\d+$/.test(ref);
  if (id === "gl" && text.includes("#") && /^\d+$/.test(ref)) return null;
  return understood(id, `${user}/${repo}`, { ref: pull ? `refs/pull/${ref}/head` : ref, path: unescapedOnce(path ?? ""), certain: prefix !== undefined });
}
