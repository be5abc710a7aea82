import type { Provider } from "./provider";
import { offers, type Understood, understood } from "./understood";

const form = /^([A-Za-z0-9][\w-]*)\/([\w.-]+?)(?:\.git)?(?:@([^\s@]+)|\/(?:tree|blob)\/([^\s/]+)(?:\/(\S+?))?)?\/?$/;

/** `user/repo`, `user/repo@ref`, `user/repo/tree/ref/…`: at which host is a guess. What has a dot first is a host. */
export function readShortName(text: string, providers: Provider[]): Understood | null {
  const [, user, repo, at, ref, path] = form.exec(text) ?? [];
  const id = ["gh", "gl"].find((one) => offers(providers, one));
  if (!user || !repo || !id || /^\.\.?$/.test(repo)) return null;
  return understood(id, `${user}/${repo}`, { ref: at ?? ref ?? "", path: path ?? "", certain: false });
}
