import { baseUrl } from "../page";
import { Scrollable } from "../Scrollable";
import { say } from "../words/say";
import type { Failed, StageName } from "./stages";
import { sayWayOut } from "./words";

/** A failed build's log stays at an address of its own, which the reason names. */
const keptLog = /\/build-log\/([a-z0-9]+)\s*$/;

/** Why a launch failed, and what the reader can do. */
export function Failure({ failed, at }: { failed: Failed; at: StageName }) {
  const { reason } = failed;
  const wayOut = sayWayOut(failed, at);
  const kept = keptLog.exec(reason)?.[1];
  return (
    <section className="card failure" role="alert">
      <h2>{say("launch.failure_title")}</h2>
      <Scrollable className="reason" label={say("launch.failure_title")}>
        {reason || say("launch.failure_none")}
      </Scrollable>
      {wayOut && <p className="hint">{wayOut}</p>}
      <p className="actions">
        <a className="button" href={location.href} onClick={(event) => (event.preventDefault(), location.reload())}>
          {say("launch.retry")}
        </a>
        {kept && (
          <a className="button quiet" href={`${baseUrl}build-log/${kept}`}>
            {say("launch.whole_log")}
          </a>
        )}
        <a className="button quiet" href={baseUrl}>
          {say("launch.other")}
        </a>
      </p>
    </section>
  );
}
