import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { LogText } from "../log/log_text";
import LogView from "../log/LogView";
import { appRoot } from "../page";
import { say } from "../words/say";

/** The log of a failed build, read piece by piece as it comes. */
function BuildLog({ address, name }: { address: string; name: string }) {
  const [log] = useState(() => new LogText());
  const [problem, setProblem] = useState("");
  useEffect(() => {
    const gone = new AbortController();
    read(address, log, gone.signal).catch((why: Error) => gone.signal.aborted || setProblem(why.message));
    return () => gone.abort();
  }, [address, log]);
  return (
    <>
      {problem && <p className="notice" role="alert">{say("log.unreadable", { why: problem })}</p>}
      <LogView log={log} name={name} />
    </>
  );
}

async function read(address: string, log: LogText, signal: AbortSignal): Promise<void> {
  const answer = await fetch(address, { signal });
  if (!answer.ok || !answer.body) throw new Error(`status ${answer.status}`);
  const text = answer.body.pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await text.read();
    if (done) break;
    const end = value.lastIndexOf("\n") + 1;
    if (end > 0) log.append(rest + value.slice(0, end));
    rest = end > 0 ? value.slice(end) : rest + value;
  }
  log.append(rest);
}

const root = appRoot();
if (root.dataset.logUrl)
  createRoot(root).render(<BuildLog address={root.dataset.logUrl} name={root.dataset.name ?? "build"} />);
