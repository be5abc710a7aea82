import { readAddress } from "./address";
import { hasOnlyPages, isDoi, readArchive, readDoi, readHydroshareId } from "./archives";
import { isBinderLink, readBinderLink } from "./binder_link";
import { forgeOf, readForge } from "./forges";
import { readGitAddress } from "./git_hosts";
import { readPasted } from "./pasted";
import type { Provider } from "./provider";
import { readShortName } from "./short_name";
import { offers, type Understood } from "./understood";

export type { PathKind, Understood } from "./understood";

/** What a pasted text means, in terms of the providers that are offered; null where it means nothing known. */
export function understand(text: string, providers: Provider[]): Understood | null {
  const pasted = readPasted(text);
  if (!pasted) return null;
  const found = read(pasted.text, providers);
  return found && pasted.ref ? { ...found, ref: pasted.ref } : found;
}

function read(text: string, providers: Provider[]): Understood | null {
  if (isDoi(text)) return readDoi(text, providers);
  const named = readHydroshareId(text, providers) ?? readShortName(text, providers);
  if (named) return named;
  const address = readAddress(text);
  if (!address) return null;
  const forge = forgeOf(address, providers);
  if (forge) return readForge(forge, address, providers);
  const launch = readBinderLink(address, providers) ?? readArchive(address, providers);
  if (launch || isBinderLink(address) || hasOnlyPages(address)) return launch;
  const git = offers(providers, "git") ? readGitAddress(address) : null;
  // Without a scheme, the name of an unknown host could as well be somebody's.
  return git && { ...git, certain: address.shortForm !== "" || /^\w+:\/\//.test(text) };
}
