/** The link of a badge as it stands in Markdown, HTML or reStructuredText; null where the text is none. */
export function linkOfBadge(text: string): string | null {
  const found =
    /^\[!\[[^\]]*\]\([^)]*\)\]\(\s*(\S+?)(?:\s+"[^"]*")?\s*\)$/.exec(text) ??
    /^<a\s[^>]*href\s*=\s*["']([^"']+)["'][^>]*>\s*<img\b/i.exec(text) ??
    /^\.\.\s+(?:\|[^|\n]*\|\s+)?image::[^\n]*\n(?:[^\n]*\n)*?[ \t]*:target:[ \t]*(\S+)/.exec(text);
  return found ? found[1]!.replace(/^<|>$/g, "").replace(/&amp;/g, "&") : null;
}
