import { baseUrl } from "./page";

/// The launches that this browser made here, kept in it and nowhere else.

export interface Recent {
  /** `<provider>/<spec>`, escaped as in the link */
  spec: string;
  query: string;
  source: string;
  repo: string;
  ref: string;
  state: "started" | "ready" | "failed";
  /** Milliseconds since 1970. */
  at: number;
}

const place = `bindery.recent:${baseUrl}`;
const most = 8;

export function recentLaunches(): Recent[] {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(place) ?? "[]");
    return Array.isArray(read) ? read.filter(isRecent).slice(0, most) : [];
  } catch {
    return [];
  }
}

/** Puts a launch first; the same link again takes its earlier place. */
export function remember(launch: Omit<Recent, "at">, now = Date.now()): void {
  const { spec, query, source, repo, ref, state } = launch;
  const kept = withoutSecrets(query);
  const others = recentLaunches().filter((one) => one.spec !== spec || one.query !== kept);
  keep([{ spec, query: kept, source, repo, ref, state, at: now }, ...others].slice(0, most));
}

export function forgetLaunches(): void {
  keep([]);
}

function keep(launches: Recent[]): void {
  try {
    if (launches.length === 0) localStorage.removeItem(place);
    else localStorage.setItem(place, JSON.stringify(launches));
  } catch {
    // A browser that keeps nothing shows no list.
  }
}

/** What a link says of where to go; a token in it is nobody's to keep. */
function withoutSecrets(query: string): string {
  const all = new URLSearchParams(query);
  for (const name of [...all.keys()]) if (!/^(?:urlpath|labpath|filepath)$/.test(name)) all.delete(name);
  const rest = all.toString();
  return rest && !/token=|password=/i.test(decodeURIComponent(rest)) ? `?${rest}` : "";
}

function isRecent(value: unknown): value is Recent {
  if (typeof value !== "object" || value === null) return false;
  const one = value as Record<string, unknown>;
  return (
    ["spec", "query", "source", "repo", "ref"].every((name) => typeof one[name] === "string") &&
    typeof one.at === "number" && ["started", "ready", "failed"].includes(String(one.state))
  );
}
