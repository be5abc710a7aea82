import { useState } from "react";
import { Button } from "react-aria-components";
import { ownUrl } from "../page";
import { forgetLaunches, recentLaunches } from "../recent";
import { say } from "../words/say";

/** The launches that this browser made here. */
export function Recents() {
  const [launches, setLaunches] = useState(recentLaunches);
  if (launches.length === 0) return null;
  const dates = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  const states = { ready: "home.recent_ready", failed: "home.recent_failed", started: "home.recent_started" } as const;
  return (
    <section className="recents" aria-labelledby="recents-title">
      <div className="recents-head">
        <h2 id="recents-title">{say("home.recent")}</h2>
        <p className="hint">{say("home.recent_hint")}</p>
        <Button className="quiet small" onPress={() => (forgetLaunches(), setLaunches([]))}>
          {say("home.recent_clear")}
        </Button>
      </div>
      <ul>
        {launches.map((one) => (
          <li key={one.spec + one.query}>
            <a href={`${ownUrl}v2/${one.spec}${one.query}`} dir="auto">
              {one.repo}
            </a>
            <span className="ref" dir="auto">{one.ref}</span>
            <span className="hint">{one.source}</span>
            <span className="hint" data-state={one.state}>
              {say(states[one.state])}, <time dateTime={new Date(one.at).toISOString()}>{dates.format(one.at)}</time>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
