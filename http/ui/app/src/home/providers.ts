import { useEffect, useState } from "react";
import type { Provider } from "../links/provider";
import { baseUrl } from "../page";

/** The sources that may be launched from here; a reason where they could not be loaded. */
export function useProviders(): { providers: Provider[]; problem: string } {
  const [found, setFound] = useState<{ providers: Provider[]; problem: string }>({ providers: [], problem: "" });
  useEffect(() => {
    const gone = new AbortController();
    fetch(`${baseUrl}api/repoproviders`, { signal: gone.signal })
      .then(async (answer) => {
        if (!answer.ok) throw new Error(`status ${answer.status}`);
        const all = (await answer.json()) as Provider[];
        setFound({ providers: all.filter((one) => one.enabled !== false), problem: "" });
      })
      .catch((why: Error) => gone.signal.aborted || setFound({ providers: [], problem: why.message }));
    return () => gone.abort();
  }, []);
  return found;
}
