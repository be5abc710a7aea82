import { lazy, Suspense, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { Button } from "react-aria-components";
import { Guard } from "../Guard";
import type { Proof } from "../page";
import { setIcon } from "../page";
import { remember } from "../recent";
import { say, sayCount } from "../words/say";
import { sayRoughly, sayTime } from "../words/time";
import { Failure } from "./Failure";
import { askEstimate } from "./facts";
import { LaunchRun } from "./launch_run";
import { Notify } from "./Notify";
import { notify } from "./notice";
import { PushProgress } from "./PushProgress";
import { Readme } from "./Readme";
import { type Estimate, secondsLeft } from "./stages";
import { serverAddress } from "./target";
import { Timeline } from "./Timeline";
import { useHidden, useNow } from "./time";
import { sayStatus, sayTitle } from "./words";

const LogView = lazy(() => import("../log/LogView"));

/** How long a tab that nobody sees waits with opening a ready server, so that its title can tell. No longer: hubs end
 *  servers that nobody uses. */
const hiddenPatienceMs = 60_000;

export interface LaunchLink {
  /** `<provider>/<spec>`, escaped as in the link */
  spec: string;
  /** The link's own query, with where to go on the server. */
  query: string;
  /** For people. */
  source: string;
  repo: string;
  ref: string;
}

/** Screen readers tell a status that changes, but not one that comes with the page. */
const firstStatusAfterMs = 100;

/** One launch, from its first question to the way to its server. Where it stands in for what had the keyboard's focus,
 *  it `takesFocus`. */
export function LaunchView({ link, proof, takesFocus = false }: { link: LaunchLink; proof: Proof; takesFocus?: boolean }) {
  const run = useMemo(() => new LaunchRun(link.spec, proof), [link.spec, proof]);
  useEffect(() => {
    void run.start();
    return () => run.stop();
  }, [run]);
  const { launch, connection, again } = useSyncExternalStore(run.watch, run.current);
  const now = useNow(launch.end === null);
  const hidden = useHidden();
  const [estimate, setEstimate] = useState<Estimate | null>(null);
  const [logShown, setLogShown] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const [told, setTold] = useState(false);

  useEffect(() => {
    if (takesFocus) heading.current?.focus();
  }, [takesFocus]);
  useEffect(() => {
    const soon = setTimeout(() => setTold(true), firstStatusAfterMs);
    return () => clearTimeout(soon);
  }, []);

  useEffect(() => {
    const gone = new AbortController();
    void askEstimate(link.spec, gone.signal).then((found) => gone.signal.aborted || setEstimate(found));
    return () => gone.abort();
  }, [link.spec]);

  const title = `${sayTitle(launch)} · ${link.repo}`;
  useEffect(() => {
    document.title = title;
  }, [title]);

  const state = launch.end?.state ?? "building";
  useEffect(() => {
    setIcon(state === "ready" ? "success" : state === "failed" ? "fail" : "building");
    remember({ ...link, state: state === "building" ? "started" : state });
    if (state === "building" || !document.hidden) return;
    notify(say(state === "ready" ? "launch.notified_ready" : "launch.notified_failed"), link.repo, `favicon_${state === "ready" ? "success" : "fail"}.ico`);
  }, [state, link]);

  const address = launch.end?.state === "ready" && launch.end.url
    ? serverAddress(link.query, launch.end.url, launch.end.token, location.href)
    : null;
  useEffect(() => {
    if (!address) return;
    if (!hidden) return location.replace(address);
    const later = setTimeout(() => location.replace(address), hiddenPatienceMs);
    return () => clearTimeout(later);
  }, [address, hidden]);

  // Where the image is there already, there is no time to read.
  const building = !launch.end && (["fetch", "build", "push"].includes(launch.at) || launch.queue !== null);
  const left = estimate && secondsLeft(launch, estimate, now);
  const failed = launch.end?.state === "failed" ? launch.end : null;
  return (
    <div className="launch" data-state={state}>
      <p className="source">{link.source}</p>
      <h1 ref={heading} className="repo" dir="auto" tabIndex={takesFocus ? -1 : undefined}>
        {link.repo}
        {link.ref && <span className="ref" dir="auto">{link.ref}</span>}
      </h1>
      <p id="status" className="lead status" role="status">
        {again && !launch.end ? `${say("launch.began_again")} ` : ""}
        {told ? sayStatus(launch, connection, hidden) : "\u00a0"}
      </p>
      {failed && <Failure failed={failed} at={launch.at} />}
      <div className="card timeline">
        <Timeline launch={launch} estimate={estimate} now={now} />
        {!launch.end && (
          <p className="hint clock">
            {say("launch.elapsed", { time: sayTime(Math.max(0, Math.floor((now - launch.began) / 1000))) })}
            {left !== null && left !== undefined && (
              <> · {left >= 1 ? say("launch.left", { time: sayRoughly(left) }) : say("launch.soon")}</>
            )}
            {launch.notice && launch.at === "launch" && <span className="hub-says" dir="auto"> · {launch.notice}</span>}
          </p>
        )}
      </div>
      {launch.at === "push" && <PushProgress progress={launch.layers} />}
      {address && (
        <p className="actions">
          <a className="button" href={address}>{say("launch.open")}</a>
        </p>
      )}
      <section className="log-box">
        <div className="log-head">
          <Button className="quiet" aria-expanded={logShown} aria-controls="log" onPress={() => setLogShown(!logShown)}>
            {say(logShown ? "log.hide" : "log.show")}
          </Button>
          {!logShown && <LastLine run={run} />}
        </div>
        <div id="log">
          {logShown && (
            <Guard instead={<BareLog run={run} />}>
              <Suspense fallback={<p className="hint">{say("log.loading")}</p>}>
                <LogView log={run.log} name={link.repo} />
              </Suspense>
            </Guard>
          )}
        </div>
      </section>
      {!launch.end && (
        <div className="while">
          <Notify />
          <p className="hint">{say("launch.stay")}</p>
        </div>
      )}
      {building && <Readme spec={link.spec} />}
    </div>
  );
}

/** The log's newest line, so that a folded log still shows that something goes on. */
function LastLine({ run }: { run: LaunchRun }) {
  useNow(true);
  if (run.log.lines === 0) return null;
  return (
    <span className="last-line">
      <code dir="auto">{run.log.last}</code>
      <span className="hint">{sayCount("log.lines", run.log.lines)}</span>
    </span>
  );
}

/** The log without its own view, which did not load. */
function BareLog({ run }: { run: LaunchRun }) {
  useNow(true);
  return (
    <>
      <p className="notice" role="alert">{say("log.unloadable")}</p>
      <pre className="log-plain" dir="auto" tabIndex={0} role="region" aria-label={say("log.title")}>
        {run.log.plainEnd()}
      </pre>
    </>
  );
}
