import { useEffect, useRef, useState } from "react";
import { Button, Input, SearchField, ToggleButton } from "react-aria-components";
import { copy } from "../copy";
import { say } from "../words/say";
import type { LogText } from "./log_text";
import type { LogTerminal, Matches } from "./terminal";

/** A log with its tools. The terminal's code is loaded when this is first shown. */
export default function LogView({ log, name }: { log: LogText; name: string }) {
  const place = useRef<HTMLDivElement>(null);
  const terminal = useRef<LogTerminal | null>(null);
  const [state, setState] = useState<"loading" | "shown" | "broken">("loading");
  const [plain, setPlain] = useState(false);
  const [follows, setFollows] = useState(true);
  const [wanted, setWanted] = useState("");
  const [matches, setMatches] = useState<Matches>({ at: 0, count: 0 });
  const [said, setSaid] = useState("");

  useEffect(() => {
    if (plain) return;
    let gone = false;
    setState("loading");
    import("./terminal").then(
      ({ showLog }) => {
        if (gone || !place.current) return;
        terminal.current = showLog(log, place.current, setMatches, setFollows);
        setState("shown");
      },
      () => setState("broken"),
    );
    return () => {
      gone = true;
      terminal.current?.dispose();
      terminal.current = null;
    };
  }, [log, plain]);

  useEffect(() => {
    const later = setTimeout(() => terminal.current?.find(wanted, false), 150);
    return () => clearTimeout(later);
  }, [wanted]);

  const asText = plain || state === "broken";
  return (
    <div className="log">
      <div className="log-tools">
        {!asText && (
          <SearchField
            aria-label={say("log.find")}
            className="search"
            value={wanted}
            onChange={setWanted}
            onSubmit={(text) => terminal.current?.find(text, false)}
          >
            <Input placeholder={say("log.find")} />
          </SearchField>
        )}
        {!asText && wanted !== "" && (
          <>
            <span className="hint" role="status">
              {matches.count > 0 ? say("log.matches", { at: Math.max(1, matches.at), count: matches.count }) : say("log.no_match")}
            </span>
            <Button className="quiet small" aria-label={say("log.previous")} onPress={() => terminal.current?.find(wanted, true)}>
              ↑
            </Button>
            <Button className="quiet small" aria-label={say("log.next")} onPress={() => terminal.current?.find(wanted, false)}>
              ↓
            </Button>
          </>
        )}
        <span className="spring" />
        {!asText && !follows && (
          <Button className="quiet small" onPress={() => terminal.current?.toEnd()}>
            {say("log.follow")}
          </Button>
        )}
        <ToggleButton className="quiet small" isSelected={plain} onChange={setPlain}>
          {say("log.plain")}
        </ToggleButton>
        <Button
          className="quiet small"
          onPress={async () => setSaid((await copy(log.plain())) ? say("home.copied") : say("log.not_copied"))}
        >
          {say("log.copy")}
        </Button>
        <Button className="quiet small" onPress={() => save(log.plain(), name)}>
          {say("log.save")}
        </Button>
        <span className="hint" role="status">{said}</span>
      </div>
      {state === "broken" && <p className="hint">{say("log.unloadable")}</p>}
      {asText ? (
        <PlainLog log={log} />
      ) : (
        <>
          {state === "loading" && <p className="hint log-loading">{say("log.loading")}</p>}
          <div ref={place} className="log-screen" data-state={state} dir="ltr" />
        </>
      )}
    </div>
  );
}

/** The log as text that screen readers and the browser's own search can read. */
function PlainLog({ log }: { log: LogText }) {
  const [text, setText] = useState(() => log.plainEnd());
  useEffect(() => {
    let due: ReturnType<typeof setTimeout> | undefined;
    const unwatch = log.watch(() => {
      due ??= setTimeout(() => {
        due = undefined;
        setText(log.plainEnd());
      }, 500);
    });
    return () => {
      unwatch();
      clearTimeout(due);
    };
  }, [log]);
  return (
    <pre className="plain-log" dir="ltr" role="log" aria-live="off" aria-label={say("log.title")} tabIndex={0}>
      {text}
    </pre>
  );
}

function save(text: string, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = `${name.replace(/[^A-Za-z0-9.-]+/g, "-")}.log`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
