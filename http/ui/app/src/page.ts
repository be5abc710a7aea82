/// What the server's page says of itself, in its `meta` elements.

function meta(name: string, from: Document = document): string {
  return from.querySelector<HTMLMetaElement>(`meta[name="bindery-${name}"]`)?.content ?? "";
}

/** Path under which everything lives, with a slash at each end. */
export const baseUrl = meta("base-url") || "/";
/** The same with scheme and host. */
export const ownUrl = new URL(baseUrl, location.href).href;
export const badgeBaseUrl = meta("badge-base-url") || ownUrl;

/** What a launch must show that it comes from a page of ours. */
export interface Proof {
  buildToken: string;
  xsrf: string;
}

/** The proof that a loading page (this one, or one that was fetched) carries. */
export function proofOf(page: Document = document): Proof {
  return { buildToken: meta("build-token", page), xsrf: meta("xsrf", page) };
}

/** Shows the state in the tab: `building`, `success`, `fail`; "" for none. */
export function setIcon(state: "" | "building" | "success" | "fail"): void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (icon) icon.href = `${baseUrl}favicon${state && `_${state}`}.ico`;
}

/** The element that a page's app lives in. */
export function appRoot(): HTMLElement {
  const root = document.getElementById("app");
  if (!root) throw new Error("This page has no element with the id \"app\"; see template_path.");
  return root;
}
