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

/** What a command of git's, of GitHub's or of pip's names; null where the text is none. */
export function readCommand(text: string): Named | null {
  const line = text.split(/\r?\n/, 1)[0]!;
  const hub = /^(?:[$%!#>]\s*)?gh\s+repo\s+clone\s+(\S+)/.exec(line);
  if (hub) return { text: /^[\w.-]+\/[\w.-]+$/.test(hub[1]!) ? `https://github.com/${hub[1]}` : hub[1]!, ref: "" };
  const pip = /^(?:[$%!#>]\s*)?(?:pip3?\s+install\s+(?:-\S+\s+)*)?["']?git\+((?:https?|ssh|git):\/\/\S+)$/.exec(line);
  if (pip && line === text) {
    const [, address, ref] = /^([^#]*?\/\/[^/]*\/[^@#?]*)(?:@([^#]*))?/.exec(unquoted(pip[1]!)) ?? [];
    return { text: address ?? "", ref: ref ?? "" };
  }
  const clone = /^(?:[$%!#>]\s*)?git\s+clone\s+(.+)$/.exec(line);
  return clone && readClone(clone[1]!.split(/\s+/));
}

function readClone(words: string[]): Named {
  let ref = "";
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i]!;
    if (word === "-b" || word === "--branch") ref = unquoted(words[i + 1] ?? "");
    if (word.startsWith("--branch=")) ref = unquoted(word.slice("--branch=".length));
    if (valued.has(word)) i += 1;
    else if (!word.startsWith("-")) return { text: unquoted(word), ref: ref || branchAfter(words.slice(i + 1)) };
  }
  return { text: "", ref };
}

/** Options may stand behind the address, too. */
function branchAfter(words: string[]): string {
  const at = words.findIndex((word) => word === "-b" || word === "--branch");
  return at < 0 ? "" : unquoted(words[at + 1] ?? "");
}
