import { LaunchSpec } from "@jupyterhub/binderhub-client/spec.js";

/** Where on the server a link's query (`labpath`, `filepath`, `urlpath`) wants to go, as BinderHub's own client reads
 *  it. Unlike there, no link leads off the server, whose token the address carries. */
export function serverAddress(query: string, url: string, token: string, base: string): string {
  const root = new URL(url.endsWith("/") ? url : `${url}/`, base);
  const wanted = LaunchSpec.fromSearchParams(new URLSearchParams(query));
  // Put behind the server's address as text, so that a path like `//host` or `https:` stays a path.
  let target = new URL(root.href + wanted.urlPath);
  if (target.origin !== root.origin || !target.pathname.startsWith(root.pathname)) target = root;
  if (token) target.searchParams.append("token", token);
  return target.href;
}

/** A link's query without its build token; what else it says stays as it was written. */
export function withoutToken(query: string): string {
  const kept = query.replace(/^\?/, "").split("&").filter((part) => part && !/^build_token(?:=|$)/.test(part));
  return kept.length > 0 ? `?${kept.join("&")}` : "";
}
