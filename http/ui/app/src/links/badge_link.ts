/// Links as they stand in Markdown, HTML, reStructuredText, AsciiDoc and Org.

const badgeInMarkdown = /\[!\[[^\]]*\]\([^)]*\)\]\(\s*(<[^<>\n]*>|\S+?)(?:\s+"[^"]*")?\s*\)(?=\s|$)/g;
// A gist's page gives a script to embed it.
const tagInHtml = /<(?:a|script|iframe)\s([^<>]*)>/gi;
const targetOfTag = /(?:^|\s)(?:href|src)\s*=\s*["']([^"']+)["']/i;

const alone = [
  /^\[!\[[^\]]*\]\([^)]*\)\]\(\s*(<[^<>\n]*>|\S+?)(?:\s+"[^"]*")?\s*\)$/,
  /^\[[^\]]*\]\(\s*(<[^<>\n]*>|\S+?)(?:\s+"[^"]*")?\s*\)$/,
  // A field of one line makes blanks of the ends of lines.
  /^\.\.\s+(?:\|[^|]*\|\s+)?image::[\s\S]*?\s:target:\s+(\S+)/,
  /^`?[^<`]*<(\w+:\/\/[^<>\s]+)>`?_{0,2}$/,
  /^image:+[^[\s]+\[[^\]]*link="?([^"\],\s]+)/,
  /^\[\[([^\][\s]+)\](?:\[[^\]]*\])?\]$/,
];

/** The link of a badge, or of other markup that has one; of several, a Binder's. Null where the text is none. */
export function linkOfBadge(text: string): string | null {
  for (const form of alone) {
    const found = form.exec(text)?.[1];
    if (found) return plain(found);
  }
  const inMarkdown = [...text.matchAll(badgeInMarkdown)].map((found) => found[1]!);
  const inHtml = [...text.matchAll(tagInHtml)].flatMap((tag) => targetOfTag.exec(tag[1]!)?.[1] ?? []);
  return oneOfSeveral([...inMarkdown, ...inHtml].map(plain), /^[[<]/.test(text));
}

const plain = (target: string) => target.replace(/^<|>$/g, "").replace(/&amp;/g, "&");

/** Null where it would be a choice between two. */
function oneOfSeveral(links: string[], hasNoWordsBefore: boolean): string | null {
  const one = (some: string[]) => (new Set(some).size === 1 ? some[0]! : null);
  const launches = links.filter((link) => /\/v2\/\w+\//.test(link));
  return launches.length > 0 || !hasNoWordsBefore ? one(launches) : one(links);
}
