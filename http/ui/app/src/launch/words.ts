import { type Words, say, sayCount } from "../words/say";
import type { Connection } from "./stream";
import type { Failed, Launch, StageName } from "./stages";

/** What is going on, in one sentence. */
export function sayStatus(launch: Launch, connection: Connection, hidden: boolean): string {
  if (launch.end?.state === "failed") return say("launch.failed");
  if (launch.end) return say(hidden ? "launch.ready_hidden" : "launch.ready");
  if (connection === "lost") return say("launch.lost");
  if (connection === "offline") return say("launch.offline");
  if (launch.queue !== null) return launch.queue > 0 ? sayCount("launch.queued", launch.queue) : say("launch.queued");
  switch (launch.at) {
    case "resolve":
      return launch.notice || say("launch.starting");
    case "fetch":
      return say("launch.fetching");
    case "build":
      return say("launch.building");
    case "push":
      return say("launch.pushing");
    default:
      return say(launch.found === null ? "launch.launching" : launch.found ? "launch.found" : "launch.built");
  }
}

/** The same in a word, for the tab's title. */
export function sayTitle(launch: Launch): string {
  if (launch.end) return say(launch.end.state === "ready" ? "launch.title_ready" : "launch.title_failed");
  if (launch.queue !== null) return say("launch.title_queued");
  const titles: Record<StageName, Words> = {
    resolve: "launch.title_starting",
    fetch: "launch.title_fetch",
    build: "launch.title_build",
    push: "launch.title_push",
    launch: "launch.title_launch",
    ready: "launch.title_ready",
  };
  return say(titles[launch.at]);
}

/** What the reader can do about a failure at this stage, beside what its reason says; "" where nobody knows. */
export function sayWayOut({ status, advised }: Failed, at: StageName): string {
  if (advised) return "";
  // A commit that is not found; every other refusal says itself what to do.
  if (at === "resolve") return status === 404 ? say("launch.failure_resolve") : "";
  const noServer = status === 500 && (at === "launch" || at === "ready");
  if (status !== 0 && !noServer) return "";
  const ways: Record<Exclude<StageName, "resolve">, Words> = {
    fetch: "launch.failure_fetch",
    build: "launch.failure_build",
    push: "launch.failure_push",
    launch: "launch.failure_launch",
    ready: "launch.failure_launch",
  };
  return say(ways[at]);
}
