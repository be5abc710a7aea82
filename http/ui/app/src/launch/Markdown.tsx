import DOMPurify from "dompurify";
import { marked } from "marked";
import { useMemo } from "react";
import type { Readme } from "./facts";

/// A stranger's text as HTML: no script, style, form or picture gets through.

const allowedTags = [
  "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em", "h3", "h4", "h5", "h6",
  "hr", "i", "kbd", "li", "ol", "p", "pre", "s", "samp", "span", "strong", "sub", "summary", "sup", "table", "tbody",
  "td", "th", "thead", "tr", "u", "ul",
];

export default function Markdown({ readme }: { readme: Readme }) {
  const html = useMemo(() => (isMarkdown(readme.name) ? toHtml(readme) : null), [readme]);
  if (html === null) return <pre>{readme.text}</pre>;
  return <div dangerouslySetInnerHTML={{ __html: html }} />;
}

const isMarkdown = (name: string) => /\.(?:md|markdown)$/i.test(name);

export function toHtml(readme: Readme): string {
  const raw = marked.parse(readme.text, { async: false, gfm: true });
  const page = new DOMParser().parseFromString(raw, "text/html");
  // The page has its own first two headings.
  for (const heading of page.querySelectorAll("h1, h2, h3, h4")) {
    const lower = page.createElement(`h${Math.min(6, Number(heading.tagName[1]) + 2)}`);
    lower.append(...heading.childNodes);
    heading.replaceWith(lower);
  }
  // Pictures lie elsewhere, mostly: their words stand for them.
  for (const picture of page.querySelectorAll("img")) picture.replaceWith(picture.alt);
  for (const link of page.querySelectorAll("a")) {
    const target = absolute(link.getAttribute("href") ?? "", readme.files);
    if (!target || link.textContent?.trim() === "") {
      link.replaceWith(...link.childNodes);
      continue;
    }
    link.setAttribute("href", target);
    link.setAttribute("target", "_blank");
    link.setAttribute("rel", "noopener noreferrer nofollow");
  }
  return DOMPurify.sanitize(page.body.innerHTML, {
    ALLOWED_TAGS: allowedTags,
    ALLOWED_ATTR: ["href", "target", "rel", "start", "align", "colspan", "rowspan", "open"],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
  });
}

/** As forges read links in a README: a path at its beginning's `/` begins at the repository's own root. */
function absolute(href: string, files: string): string | null {
  if (!href || href.startsWith("#")) return null;
  try {
    const url = new URL(/^\/(?!\/)/.test(href) ? `.${href}` : href, files || undefined);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}
