/// The events of a launch, as `/build/<provider>/<spec>` streams them.

export type Phase =
  | "waiting" | "fetching" | "building" | "pushing" | "built" | "launching" | "ready" | "failed" | "unknown";

/** A layer's progress: words, or bytes. */
export type LayerProgress = string | { current?: number; total?: number };

export interface StreamEvent {
  phase: Phase;
  message: string;
  progress?: Record<string, LayerProgress>;
  /** with `ready` */
  url?: string;
  token?: string;
  /** with `failed`: the HTTP status that a failure would have been which is no build's */
  status_code?: number;
}

const phases = new Set<string>([
  "waiting", "fetching", "building", "pushing", "built", "launching", "ready", "failed", "unknown",
]);

/** Reads one event's data. What is no event is a line of the log. */
export function readEvent(data: string): StreamEvent {
  try {
    const read: unknown = JSON.parse(data);
    if (typeof read === "object" && read !== null && "phase" in read) {
      const event = read as Record<string, unknown>;
      const phase = String(event.phase).toLowerCase();
      return {
        ...event,
        phase: (phases.has(phase) ? phase : "unknown") as Phase,
        message: typeof event.message === "string" ? event.message : "",
      };
    }
  } catch {
    // a line of the log
  }
  return { phase: "unknown", message: data };
}
