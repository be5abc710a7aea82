import { describe, expect, it } from "vitest";
import type { StreamEvent } from "./event";
import { readEvent } from "./event";
import { advance, begin, broken, type Launch, secondsLeft, secondsOf, stageNames } from "./stages";
import { say } from "../words/say";
import { sayWayOut } from "./words";

const told = (events: Partial<StreamEvent>[]): Launch =>
  events.reduce((launch: Launch, event, i) => advance(launch, { phase: "unknown", message: "", ...event }, (i + 1) * 1000), begin(0));
const states = (launch: Launch) => stageNames.map((name) => launch.stages[name].state).join(" ");

describe("stages", () => {
  it("begins with finding the commit", () => expect(states(begin(0))).toBe("now ahead ahead ahead ahead ahead"));

  it("follows a new image to its server", () => {
    const launch = told([
      { phase: "waiting", message: "Waiting for build to start...\n" },
      { phase: "fetching" }, { phase: "building" }, { phase: "pushing" }, { phase: "built" }, { phase: "launching" },
      { phase: "ready", url: "http://hub/user/x/", token: "t" },
    ]);
    expect(states(launch)).toBe("done done done done done done");
    expect(stageNames.map((name) => secondsOf(launch.stages[name], 99_000))).toEqual([1, 1, 1, 1, 2, 0]);
    expect(launch.end).toEqual({ state: "ready", url: "http://hub/user/x/", token: "t" });
    expect(launch.found).toBe(false);
  });

  it("skips what a found image does not need", () => {
    const launch = told([{ phase: "built" }]);
    expect(states(launch)).toBe("done skipped skipped skipped now ahead");
    expect(launch.found).toBe(true);
  });

  it("skips the push of a build that pushes nothing", () =>
    expect(states(told([{ phase: "fetching" }, { phase: "building" }, { phase: "built" }]))).toBe("done done done skipped now ahead"));

  it("tells how many wait, and that nothing has begun", () => {
    const launch = told([{ phase: "waiting", message: "Waiting for a free build slot; builds ahead of this one: 3\n" }]);
    expect(launch.queue).toBe(3);
    expect(states(launch)).toBe("done ahead ahead ahead ahead ahead");
    expect(advance(launch, { phase: "fetching", message: "" }, 9000).queue).toBeNull();
  });

  it("takes another notice of waiting for what it says", () => {
    const launch = told([{ phase: "waiting", message: "master is gone; trying HEAD\n" }]);
    expect(launch).toMatchObject({ queue: null, notice: "master is gone; trying HEAD", at: "resolve" });
  });

  it("fails where it is", () => {
    const launch = told([{ phase: "fetching" }, { phase: "building" }, { phase: "failed", message: "no such package\n" }, { phase: "ready" }]);
    expect(states(launch)).toBe("done done failed ahead ahead ahead");
    expect(launch.end).toMatchObject({ state: "failed", reason: "no such package" });
  });

  it("never goes back", () => expect(told([{ phase: "building" }, { phase: "fetching" }]).at).toBe("build"));

  it("is the same launch after a line of the log", () => {
    const launch = told([{ phase: "building" }]);
    expect(advance(launch, { phase: "building", message: "Step 2" }, 5000)).toBe(launch);
    expect(advance(launch, { phase: "unknown", message: "x" }, 5000)).toBe(launch);
  });

  it("keeps each layer's last word", () => {
    const launch = told([
      { phase: "pushing", progress: { a: "Preparing", b: { current: 1, total: 2 } } },
      { phase: "pushing", progress: { a: "Pushed" } },
    ]);
    expect(launch.layers).toEqual({ a: "Pushed", b: { current: 1, total: 2 } });
  });

  it("knows how long it will take as far as it can be known", () => {
    const launch = told([{ phase: "fetching" }, { phase: "building" }]); // the build began at 2,000
    expect(secondsLeft(launch, { build: 10, push: 5, launch: 3 }, 6000)).toBe(6 + 5 + 3);
    expect(secondsLeft(launch, { build: 1, launch: 3 }, 60_000)).toBe(3);
    expect(secondsLeft(launch, { build: 10 }, 6000)).toBeNull();
  });

  it("does not guess how long builds ahead take", () => {
    const launch = told([{ phase: "waiting", message: "Waiting for a free build slot; builds ahead of this one: 5" }]);
    expect(secondsLeft(launch, { build: 10, push: 5, launch: 3 }, 6000)).toBeNull();
  });

  it.each<[string, Launch, string]>([
    ["a commit that is not found", told([{ phase: "failed", status_code: 404 }]), say("launch.failure_resolve")],
    ["a rate limit", told([{ phase: "failed", status_code: 429 }]), ""],
    ["an expired token", told([{ phase: "failed", status_code: 403 }]), ""],
    ["a quota", told([{ phase: "failed" }]), ""],
    ["a build", told([{ phase: "building" }, { phase: "failed" }]), say("launch.failure_build")],
    ["a server that does not start", told([{ phase: "built" }, { phase: "launching" }, { phase: "failed", status_code: 500 }]), say("launch.failure_launch")],
    ["a build whose node broke off", told([{ phase: "building" }, { phase: "failed", status_code: 500 }]), ""],
    ["a hub that is full", told([{ phase: "built" }, { phase: "failed", status_code: 429 }]), ""],
    ["a connection that is lost during a build", broken(told([{ phase: "building" }]), "The connection was lost.", 9000), ""],
  ])("advises nothing false after %s", (_, launch, wayOut) => {
    expect(launch.end?.state === "failed" && sayWayOut(launch.end, launch.at)).toBe(wayOut);
  });

  it("has ended once it has", () => {
    const launch = told([{ phase: "ready", url: "http://hub/user/x/", token: "t" }]);
    expect(broken(launch, "lost", 9000)).toBe(launch);
  });
});

describe("events", () => {
  it("are read", () => expect(readEvent('{"phase":"Building","message":"x\\n"}')).toEqual({ phase: "building", message: "x\n" }));
  it.each(["no json", "null", "7", "[]", '{"message":"x"}', '{"phase":'])("%s is a line of the log", (data) =>
    expect(readEvent(data)).toEqual({ phase: "unknown", message: data }));
  it("of a strange phase are unknown", () => expect(readEvent('{"phase":"flying","message":7}')).toMatchObject({ phase: "unknown", message: "" }));
});
