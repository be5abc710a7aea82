import { EventSourceParserStream } from "eventsource-parser/stream";
import { readEvent, type StreamEvent } from "./event";

/// Follows a launch's event stream to its end. A connection that breaks off is made again and goes on where it was
/// (`Last-Event-ID`). A browser's own EventSource would give up at the first answer that is not a stream, as a proxy
/// gives while a node is replaced, and BinderHub's client at the first break.

export type Connection = "open" | "lost" | "offline";

export interface Following {
  url: string;
  headers?: Record<string, string>;
  signal: AbortSignal;
  onEvent(event: StreamEvent): void;
  onConnection(state: Connection): void;
  /** The server knew nothing of the launch any more and began another. */
  onAnother(): void;
}

export interface Outcome {
  /** Why the stream ended without the launch's end: an answer's status, or no answer for too long. */
  refused?: number;
  gaveUp?: boolean;
}

/** Longer without a byte than three keepalives (25 s each): the connection is dead. */
const silenceMs = 80_000;
/** Tries in a row that bring nothing, before we give up: some two minutes. */
const mostTries = 18;

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const over = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    signal.addEventListener("abort", over);
  });

const online = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    addEventListener("online", () => resolve(), { once: true, signal });
    signal.addEventListener("abort", () => resolve(), { once: true });
  });

/** Milliseconds before try `failed + 1`: soon at first, as servers keep an unwatched launch for seconds only. */
export const delayOf = (failed: number) => Math.min(8_000, 250 * 2 ** Math.max(0, failed - 1)) * (0.75 + Math.random() / 2);

export async function follow(asked: Following): Promise<Outcome> {
  let lastId = "";
  for (let failed = 0; !asked.signal.aborted; ) {
    if (failed > mostTries) return { gaveUp: true };
    if (failed > 0) {
      if (navigator.onLine === false) {
        asked.onConnection("offline");
        await online(asked.signal);
        failed = 1;
      } else {
        asked.onConnection("lost");
        await pause(delayOf(failed), asked.signal);
      }
      if (asked.signal.aborted) break;
    }
    failed += 1;
    const one = new AbortController();
    const stop = () => one.abort();
    asked.signal.addEventListener("abort", stop);
    let watchdog = setTimeout(stop, silenceMs);
    try {
      const answer = await fetch(asked.url, {
        cache: "no-store",
        signal: one.signal,
        headers: { ...asked.headers, Accept: "text/event-stream", ...(lastId && { "Last-Event-ID": lastId }) },
      });
      if (!answer.ok || !answer.body || !/^text\/event-stream/.test(answer.headers.get("content-type") ?? "")) {
        if (answer.status >= 500 || answer.status === 429 || answer.status === 408) continue;
        return { refused: answer.status };
      }
      const alive = new TransformStream<Uint8Array, Uint8Array>({
        transform(bytes, next) {
          clearTimeout(watchdog);
          watchdog = setTimeout(stop, silenceMs);
          next.enqueue(bytes);
        },
      });
      asked.onConnection("open");
      const events = answer.body
        .pipeThrough(alive)
        .pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>)
        .pipeThrough(new EventSourceParserStream())
        .getReader();
      for (;;) {
        const { done, value } = await events.read();
        if (done) break;
        failed = 0;
        if (value.id) {
          const launchOf = (id: string) => id.slice(0, id.lastIndexOf("."));
          if (lastId && launchOf(lastId) !== launchOf(value.id)) asked.onAnother();
          lastId = value.id;
        }
        const event = readEvent(value.data);
        asked.onEvent(event);
        if (event.phase === "ready" || event.phase === "failed") {
          one.abort();
          return {};
        }
      }
      failed += 1;
    } catch {
      if (failed === 0) failed = 1; // a break is told as one, not as an event's end
    } finally {
      clearTimeout(watchdog);
      asked.signal.removeEventListener("abort", stop);
    }
  }
  return {};
}
