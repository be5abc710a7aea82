import { type Address, readAddress } from "./address";
import { hasOnlyPages, isDoi, readArchive, readDoi, readHydroshareId } from "./archives";
import { isBinderLink, readBinderLink, withHost } from "./binder_link";
import { forgeOf, guessSiteOfPages, readForge } from "./forges";
import { readGitAddress } from "./git_hosts";
import { addressOfFile, namesAPlace } from "./opening";
import { readPasted } from "./pasted";
import type { Provider } from "./provider";
import { mayBeRef } from "./ref_names";
import { readShortName } from "./short_name";
import { offers, type Understood } from "./understood";
import { readWrapped } from "./wrapped";

export type { PathKind, Understood } from "./understood";

/** How many links may stand within each other. */
const deepest = 3;

/** What a pasted text means, in terms of the providers that are offered; null where it means nothing known. */
export const understand = (text: string, providers: Provider[]): Understood | null => readText(text, providers, deepest);

function readText(text: string, providers: Provider[], depth: number): Understood | null {
  const pasted = readPasted(text);
  if (!pasted || !mayBeRef(pasted.ref)) return null;
  const found = read(pasted.text, providers, depth);
  // A file's name may hold a blank; behind a repository or a ref it begins words that are no part of the address.
  if (!found || (pasted.hadBlanks && /\s|%20/.test(found.repo + found.ref))) return null;
  return { ...found, ref: pasted.ref || found.ref, certain: found.certain && pasted.certain };
}

function read(text: string, providers: Provider[], depth: number): Understood | null {
  if (isDoi(text)) return readDoi(text, providers);
  const named = readHydroshareId(text, providers) ?? readShortName(text, providers);
  if (named) return withFile(named);
  const address = readAddress(withHost(text) ?? text);
  if (!address) return null;
  const forge = forgeOf(address, providers);
  if (forge) return withFile(withRef(address, readForge(forge, address, providers)));
  const launch = readBinderLink(address, providers);
  if (launch || isBinderLink(address)) return launch;
  const wrapped = readWrapped(address);
  if (wrapped) {
    const { text: inner, ...around } = wrapped;
    const found = depth > 0 ? readText(inner, providers, depth - 1) : null;
    if (!found) return null;
    const whole = { ...found, ...around, ref: around.ref || found.ref };
    return around.path === undefined ? whole : withFile(whole);
  }
  const archived = readArchive(address, providers);
  if (archived || hasOnlyPages(address)) return archived;
  const site = guessSiteOfPages(address);
  if (site) return guess(readForge(site, address, providers));
  const git = offers(providers, "git") ? withFile(withRef(address, readGitAddress(address))) : null;
  // Without a scheme, the name of an unknown host could as well be somebody's.
  return git && { ...git, certain: git.certain && (address.shortForm !== "" || /^\w+:\/\//.test(text)) };
}

const guess = (found: Understood | null) => found && { ...found, certain: false };

/** What a clone's address says of the ref; null where that cannot be one. */
function withRef({ ref }: Address, found: Understood | null): Understood | null {
  const whole = found && ref ? { ...found, ref } : found;
  return whole && mayBeRef(whole.ref) ? whole : null;
}

/** A path on a page is a file's, whatever it looks like. */
const withFile = (found: Understood | null): Understood | null =>
  found && found.pathKind === "labpath" && namesAPlace(found.path) ? { ...found, path: addressOfFile(found.path, "labpath"), pathKind: "urlpath" } : found;
