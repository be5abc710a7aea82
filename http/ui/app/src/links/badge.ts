/** Badges that lead to a link, for the three languages in which READMEs and pages are written. `base` ends with a slash. */
export function badges(base: string, link: string): { markdown: string; html: string; rst: string } {
  const picture = `${base}badge_logo.svg`;
  return {
    markdown: `[![Binder](${inMarkdown(picture)})](${inMarkdown(link)})`,
    html: `<a href="${inHtml(link)}"><img src="${inHtml(picture)}" alt="Binder"></a>`,
    rst: `.. image:: ${inRst(picture)}\n   :target: ${inRst(link)}`,
  };
}

const percent = (text: string) => encodeURIComponent(text).replace(/[()]/g, (c) => (c === "(" ? "%28" : "%29"));

const inMarkdown = (url: string) => url.replace(/[()\s<>\\]/g, percent);

const inRst = (url: string) => url.replace(/\s/g, percent);

const inHtml = (text: string) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
