import { readArchive, readDoi, readHydroshareId } from "./archives";
import { readBinderLink } from "./binder_link";
import { forgeOf, readForge } from "./forges";
import { readGitAddress } from "./git_hosts";
import { readAddress, readPasted } from "./pasted";
import type { Provider } from "./provider";
import { offers, type Understood, understood } from "./understood";

export type { PathKind, Understood } from "./understood";

/** `user/repo`, `user/repo@ref`, `user/repo/tree/ref/…` */
const shortName = /^([A-Za-z0-9][\w.-]*)\/([\w.-]+?)(?:\.git)?(?:@([^\s@]+)|\/(?:tree|blob)\/([^\s/]+)(?:\/(\S+))?)?$/;

/** What a pasted text means, in terms of the providers that are offered; null where it means nothing known. */
export function understand(text: string, providers: Provider[]): Understood | null {
  const pasted = readPasted(text);
  if (!pasted) return null;
  const found = read(pasted.text, providers);
  return found && pasted.ref ? { ...found, ref: pasted.ref } : found;
}

function read(text: string, providers: Provider[]): Understood | null {
  const doi = readDoi(text, providers) ?? readHydroshareId(text, providers);
  if (doi) return doi;
  const short = shortName.exec(text);
  // A host without scheme looks like a user, but for the dot and what follows.
  if (short && !/\.(?:com|org|net|io|dev)$/i.test(short[1]!)) {
    const id = ["gh", "gl"].find((one) => offers(providers, one));
    const [, user, repo, at, ref, path] = short;
    return id ? understood(id, `${user}/${repo}`, { ref: at ?? ref ?? "", path: path ?? "", certain: false }) : null;
  }
  const address = readAddress(text);
  if (!address) return null;
  const launch = readBinderLink(address, providers);
  if (launch) return launch;
  const forge = forgeOf(address, providers);
  if (forge) return readForge(forge);
  return readArchive(address, providers) ?? (offers(providers, "git") ? readGitAddress(address) : null);
}
