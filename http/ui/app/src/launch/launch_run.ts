import { LogText } from "../log/log_text";
import { baseUrl, type Proof } from "../page";
import { say } from "../words/say";
import { advance, begin, broken, type Launch } from "./stages";
import { follow, type Connection } from "./stream";

export interface Seen {
  launch: Launch;
  connection: Connection;
  /** It had to begin again. */
  again: boolean;
}

/** Long enough to draw a burst of events once; timers also run in tabs that nobody sees, unlike animation frames. */
const drawEveryMs = 60;

/** One launch as this page follows it: what it has come to, and its log. */
export class LaunchRun {
  readonly log = new LogText();
  private seen: Seen = { launch: begin(performance.now()), connection: "open", again: false };
  private shown: Seen = this.seen;
  private watchers = new Set<() => void>();
  private due: ReturnType<typeof setTimeout> | undefined;
  private stopped = new AbortController();

  /** `spec` is `<provider>/<spec>`, escaped as in the link. */
  constructor(private spec: string, private proof: Proof) {}

  async start(): Promise<void> {
    const asked = new URLSearchParams();
    if (this.proof.buildToken) asked.set("build_token", this.proof.buildToken);
    if (this.proof.xsrf) asked.set("_xsrf", this.proof.xsrf);
    const query = asked.toString();
    const outcome = await follow({
      url: `${baseUrl}build/${this.spec}${query && `?${query}`}`,
      signal: this.stopped.signal,
      onEvent: (event) => {
        this.log.append(event.message);
        this.see({ launch: advance(this.seen.launch, event, performance.now()) });
      },
      onConnection: (connection) => this.see({ connection }),
      onAnother: () => this.see({ launch: begin(performance.now()), again: true }),
    });
    if (outcome.refused !== undefined) this.fail(say("launch.not_a_stream", { status: outcome.refused }));
    else if (outcome.gaveUp) this.fail(say("launch.gave_up"));
  }

  /** Leaves the launch; the server ends it. */
  stop(): void {
    this.stopped.abort();
    clearTimeout(this.due);
  }

  /** For `useSyncExternalStore`. */
  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };
  current = (): Seen => this.shown;

  private fail(message: string): void {
    this.see({ launch: broken(this.seen.launch, message, performance.now()) });
  }

  private see(change: Partial<Seen>): void {
    const next = { ...this.seen, ...change };
    if (next.launch === this.seen.launch && next.connection === this.seen.connection && next.again === this.seen.again) return;
    this.seen = next;
    this.due ??= setTimeout(() => {
      this.due = undefined;
      this.shown = this.seen;
      for (const watcher of this.watchers) watcher();
    }, drawEveryMs);
  }
}
