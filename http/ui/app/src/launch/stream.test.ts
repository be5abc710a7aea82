import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { delayOf, follow, type Outcome } from "./stream";

type Step = { status?: number; type?: string; body?: string; breaks?: boolean } | "refused";

/** Follows a server that answers in these steps; what was asked and what was told. */
async function followed(steps: Step[], stopAfter = Infinity) {
  const asked: (string | null)[] = [];
  const told: string[] = [];
  const stop = new AbortController();
  vi.stubGlobal("fetch", async (_: string, init: RequestInit) => {
    asked.push(new Headers(init.headers).get("Last-Event-ID"));
    if (asked.length > stopAfter) stop.abort();
    const step = steps[asked.length - 1] ?? "refused";
    if (step === "refused") throw new TypeError("refused");
    const bytes = new TextEncoder().encode(step.body ?? "");
    const body = new ReadableStream<Uint8Array>({
      start(out) {
        for (let i = 0; i < bytes.length; i += 7) out.enqueue(bytes.slice(i, i + 7));
        if (!step.breaks) out.close();
      },
      pull: (out) => (step.breaks ? out.error(new TypeError("broken")) : undefined),
    });
    return new Response(body, { status: step.status ?? 200, headers: { "content-type": step.type ?? "text/event-stream" } });
  });
  const outcome: Promise<Outcome> = follow({
    url: "/build/gh/u/r/HEAD",
    signal: stop.signal,
    onEvent: (event) => told.push(`${event.phase}:${event.message}`),
    onConnection: (state) => told.push(state),
    onAnother: () => told.push("another"),
  });
  await vi.runAllTimersAsync();
  return { asked, told, outcome: await outcome };
}

const event = (id: string, phase: string, message = "") => `id: ${id}\ndata: ${JSON.stringify({ phase, message })}\n\n`;

describe("a launch's stream", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("navigator", { onLine: true });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("is followed to ready, over keepalives and umlauts", async () => {
    const { asked, told, outcome } = await followed([
      { body: `${event("a.1", "building", "Ü…")}:keepalive\n\n${event("a.2", "ready")}${event("a.3", "failed")}` },
    ]);
    expect(told).toEqual(["open", "building:Ü…", "ready:"]);
    expect(asked).toEqual([null]);
    expect(outcome).toEqual({});
  });

  it("goes on where it broke off", async () => {
    const { asked, told } = await followed([
      { body: event("a.1", "building"), breaks: true },
      "refused",
      { status: 503 },
      { body: event("a.2", "ready") },
    ]);
    expect(asked).toEqual([null, "a.1", "a.1", "a.1"]);
    expect(told).toEqual(["open", "building:", "lost", "lost", "lost", "open", "ready:"]);
  });

  it("goes on after an end without an end", async () => {
    const { asked, told } = await followed([{ body: event("a.1", "building") }, { body: event("a.2", "failed", "x") }]);
    expect(asked).toEqual([null, "a.1"]);
    expect(told.at(-1)).toBe("failed:x");
  });

  it("tells when the server began another launch", async () => {
    const { told } = await followed([{ body: event("a.1", "building") }, { body: event("b.1", "waiting") + event("b.2", "ready") }]);
    expect(told).toEqual(["open", "building:", "lost", "open", "another", "waiting:", "ready:"]);
  });

  it.each([403, 404])("takes %i for a refusal", async (status) => expect((await followed([{ status }])).outcome).toEqual({ refused: status }));

  it("takes a page for a refusal", async () =>
    expect((await followed([{ type: "text/html", body: "<p>Log in" }])).outcome).toEqual({ refused: 200 }));

  it("gives up in the end", async () => {
    const { asked, outcome } = await followed([]);
    expect(outcome).toEqual({ gaveUp: true });
    expect(asked.length).toBeGreaterThan(10);
  });

  it("counts tries anew after each event", async () => {
    const steps: Step[] = Array.from({ length: 60 }, (_, i) => (i % 2 ? "refused" : { body: event(`a.${i}`, "building") }));
    const { outcome, asked } = await followed([...steps, { body: event("a.99", "ready") }]);
    expect(outcome).toEqual({});
    expect(asked).toHaveLength(61);
  });

  it("ends when it is told to", async () => {
    const { outcome, asked } = await followed([], 2);
    expect(outcome).toEqual({});
    expect(asked).toHaveLength(3);
  });

  it("comes back within a second at first, and never waits long", () => {
    expect(delayOf(1)).toBeLessThan(1000);
    expect(delayOf(50)).toBeLessThanOrEqual(10_000);
  });
});
