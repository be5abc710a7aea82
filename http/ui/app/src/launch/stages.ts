import type { LayerProgress, StreamEvent } from "./event";

/// What a launch has come to, from its events. No I/O and no clock: times are given.

export const stageNames = ["resolve", "fetch", "build", "push", "launch", "ready"] as const;
export type StageName = (typeof stageNames)[number];
export type StageState = "ahead" | "now" | "done" | "skipped" | "failed";

export interface Stage {
  state: StageState;
  /** Milliseconds of the clock that `advance` is given. */
  began?: number;
  ended?: number;
}

export interface Failed {
  state: "failed";
  reason: string;
  /** An HTTP status, where the launch was refused or something was not found; 0 where a step failed. */
  status: number;
  /** The reason says already what to do. */
  advised: boolean;
}

export interface Launch {
  stages: Record<StageName, Stage>;
  at: StageName;
  began: number;
  /** Builds ahead of this one; null where it does not wait. */
  queue: number | null;
  /** What the server said last of a launch that waits or is launching, for people. */
  notice: string;
  /** Whether the image was found instead of built; null until that is known. */
  found: boolean | null;
  layers: Record<string, LayerProgress>;
  end: { state: "ready"; url: string; token: string } | Failed | null;
}

export function begin(now: number): Launch {
  const stages = Object.fromEntries(stageNames.map((name) => [name, { state: "ahead" }])) as Record<StageName, Stage>;
  stages.resolve = { state: "now", began: now };
  return { stages, at: "resolve", began: now, queue: null, notice: "", found: null, layers: {}, end: null };
}

/** The launch with stage `to` under way: those before it are done, or skipped where they never began. */
function moved(launch: Launch, to: StageName, now: number): Launch {
  const target = stageNames.indexOf(to);
  if (target <= stageNames.indexOf(launch.at)) return launch;
  const stages = { ...launch.stages };
  for (const name of stageNames.slice(0, target)) {
    const stage = stages[name];
    if (stage.state === "now") stages[name] = { ...stage, state: "done", ended: now };
    else if (stage.state === "ahead") stages[name] = { state: "skipped" };
  }
  stages[to] = { state: "now", began: now };
  return { ...launch, stages, at: to };
}

/** In the queue nothing is under way: what comes next has not begun. */
function queued(launch: Launch, ahead: number, now: number): Launch {
  const { resolve } = launch.stages;
  const stages = resolve.state === "now"
    ? { ...launch.stages, resolve: { ...resolve, state: "done" as const, ended: now } }
    : launch.stages;
  return { ...launch, stages, queue: ahead };
}

const stageOf = { fetching: "fetch", building: "build", pushing: "push", built: "launch", launching: "launch" } as const;
const waitsToBuild = /^Waiting for (?:a free build slot|build to start)/;

/** The launch with no way to go on, for a reason that says what to do. */
export function broken(launch: Launch, reason: string, now: number): Launch {
  const failed = advance(launch, { phase: "failed", message: reason }, now);
  return failed === launch ? launch : { ...failed, end: { state: "failed", reason, status: 0, advised: true } };
}

export function advance(launch: Launch, event: StreamEvent, now: number): Launch {
  if (launch.end) return launch;
  const message = event.message.trim();
  switch (event.phase) {
    case "unknown":
      return launch;
    case "waiting": {
      if (!waitsToBuild.test(message)) return { ...launch, notice: message };
      const ahead = /: (\d+)$/.exec(message)?.[1];
      return queued({ ...launch, notice: "" }, ahead ? Number(ahead) : 0, now);
    }
    case "failed": {
      const stages = { ...launch.stages };
      stages[launch.at] = { ...stages[launch.at], state: "failed", ended: now };
      const status = typeof event.status_code === "number" ? event.status_code : 0;
      return { ...launch, stages, queue: null, end: { state: "failed", reason: message, status, advised: false } };
    }
    case "ready": {
      const there = moved({ ...launch, queue: null, notice: "" }, "ready", now);
      const stages = { ...there.stages, ready: { state: "done" as const, began: now, ended: now } };
      return { ...there, stages, end: { state: "ready", url: event.url ?? "", token: event.token ?? "" } };
    }
    default: {
      const next = moved(launch, stageOf[event.phase], now);
      const notice = event.phase === "launching" ? message : "";
      const found = event.phase === "built" ? next.stages.build.state === "skipped" : next.found;
      const layers = event.progress ? { ...next.layers, ...event.progress } : next.layers;
      // Most events are lines of a log, which change nothing here: whoever compares sees the same launch.
      const same = next === launch && next.queue === null && notice === next.notice && found === next.found && layers === next.layers;
      return same ? launch : { ...next, queue: null, notice, found, layers };
    }
  }
}

/** Seconds that a stage has taken so far, or took; null where it has not begun. */
export function secondsOf(stage: Stage, now: number): number | null {
  if (stage.began === undefined) return null;
  return Math.max(0, (stage.ended ?? now) - stage.began) / 1000;
}

/** Seconds that stages of this repository usually take. */
export type Estimate = Partial<Record<StageName, number>>;

/** Seconds until a launch is ready, by the estimate; null where it knows too little. */
export function secondsLeft(launch: Launch, estimate: Estimate, now: number): number | null {
  // Nobody knows how long the builds ahead take.
  if (launch.end || launch.queue !== null) return null;
  let left = 0;
  for (const name of stageNames.slice(stageNames.indexOf(launch.at), -1)) {
    const stage = launch.stages[name];
    if (stage.state === "done" || stage.state === "skipped") continue;
    const usual = estimate[name];
    if (usual === undefined) {
      if (name === "resolve" || name === "fetch" || name === "push") continue; // short beside the others
      return null;
    }
    left += Math.max(0, usual - (secondsOf(stage, now) ?? 0));
  }
  return left;
}
