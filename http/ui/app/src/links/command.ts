import { refOfFragment } from "./ref_names";

/// Commands that people copy from a repository's page.

export interface Named {
  text: string;
  /** what a pasted `git clone -b` names */
  ref: string;
}

/** Options of `git clone` that are followed by a value. */
const valued = new Set([
  "-b", "--branch", "-o", "--origin", "-c", "--config", "-j", "--jobs", "-u", "--upload-pack", "--depth", "--filter", "--reference",
  "--template", "--separate-git-dir", "--shallow-since", "--shallow-exclude", "--server-option", "--recurse-submodules-from",
]);

const unquoted = (word: string) => word.replace(/^["']|["';]+$/g, "");

/** What a command of git's, of GitHub's, of pip's or of others' names; null where the text is none. */
export function readCommand(text: string): Named | null {
  const requirement = readRequirement(text);
  if (requirement) return requirement;
  const line = text.split(/\r?\n/, 1)[0]!;
  for (const one of line.split(/\s+&&\s+|;\s+/)) {
    const words = one.replace(/^\s*(?:[$%!#>]\s*)*(?:sudo\s+)?/, "").split(/\s+/);
    const named = readHub(words) ?? (words[0] === "git" && words[1] === "clone" ? readClone(words.slice(2)) : readOther(words));
    if (named) return named;
  }
  return null;
}

/** `git+<url>[@ref][#…]` as pip, npm and others write it, alone or within a command. */
function readRequirement(text: string): Named | null {
  const [found, more] = text.matchAll(/(?:^|[\s"'=])git\+((?:https?|ssh|git):\/\/[^\s"']+)/gi);
  if (!found || more) return null;
  const [, address, ref = "", fragment = ""] = /^([^#]*?\/\/[^/]*\/[^@#?]*)(?:@([^#]*))?(?:\?[^#]*)?(?:#(.*))?$/.exec(unquoted(found[1]!)) ?? [];
  return { text: address ?? "", ref: ref || refOfFragment(fragment) };
}

const sites: Record<string, string> = { gh: "https://github.com/", glab: "https://gitlab.com/" };

/** GitHub's and GitLab's own: `gh repo clone u/r`, `gh pr checkout 5 -R u/r`, `gh gist clone <id>`. */
function readHub([program = "", kind = "", verb = "", ...rest]: string[]): Named | null {
  const site = Object.hasOwn(sites, program) ? sites[program]! : "";
  if (!site) return null;
  const at = (text: string) => (/^[\w.-]+(?:\/[\w.-]+)+$/.test(text) ? site + text : text);
  if (kind === "repo" && /^(?:clone|fork|view)$/.test(verb) && rest[0]) return { text: at(unquoted(rest[0])), ref: branchIn(rest.slice(1)) };
  if (kind === "gist" && /^(?:clone|view)$/.test(verb) && rest[0]) return { text: rest[0].includes("/") ? rest[0] : `https://gist.github.com/${rest[0]}`, ref: "" };
  const of = valueOf(["-R", "--repo"], rest);
  if (kind !== "pr" || !/^\d+$/.test(rest[0] ?? "") || !of) return null;
  return { text: `${at(of)}/pull/${rest[0]}`, ref: "" };
}

function readClone(words: string[]): Named {
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i]!;
    if (valued.has(word)) i += 1;
    // Options may stand behind the address, too.
    else if (!word.startsWith("-")) return { text: unquoted(word), ref: branchIn(words) };
  }
  return { text: "", ref: branchIn(words) };
}

/** Other programs: the one address that they are given. */
function readOther(words: string[]): Named | null {
  const program = words[0]!.replace(/^jupyter-/, "");
  if (!/^(?:git|repo2docker|pip3?|pipx|python3?|uv|npm|docker|podman|wget|curl)$/.test(program)) return null;
  const isAddress = (word: string) => /^["']?(?:(?:https?|ssh|git):\/\/|[\w.-]+@[\w.-]+:)/i.test(word);
  const at = words.findIndex(isAddress);
  if (at < 0 || words.slice(at + 1).some(isAddress)) return null;
  const text = unquoted(words[at]!);
  // Behind the address, these name what is fetched, and perhaps how it is to be called here.
  if (program === "git" && /^(?:pull|fetch)$/.test(words[1] ?? "")) return { text, ref: (words[at + 1] ?? "").replace(/:.*$/, "") };
  return { text, ref: program === "git" || program === "repo2docker" ? branchIn(words) : "" };
}

const branchIn = (words: string[]) => valueOf(["-b", "--branch", "--ref"], words);

/** The last value of an option; "" where there is none. */
function valueOf(names: string[], words: string[]): string {
  let value = "";
  words.forEach((word, i) => {
    const [name, ...given] = word.split("=");
    if (names.includes(word)) value = words[i + 1] ?? "";
    else if (word.startsWith("--") && names.includes(name!)) value = given.join("=");
  });
  return unquoted(value);
}
