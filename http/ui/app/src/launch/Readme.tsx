import { lazy, Suspense, useEffect, useState } from "react";
import { Guard } from "../Guard";
import { Scrollable } from "../Scrollable";
import { say } from "../words/say";
import { askReadme, type Readme as Read } from "./facts";

const Markdown = lazy(() => import("./Markdown"));

/** What the repository says of itself, to read while waiting. Nothing of it comes from another host than ours. */
export function Readme({ spec }: { spec: string }) {
  const [readme, setReadme] = useState<Read | null>(null);
  useEffect(() => {
    const gone = new AbortController();
    void askReadme(spec, gone.signal).then((found) => gone.signal.aborted || setReadme(found));
    return () => gone.abort();
  }, [spec]);
  if (!readme) return null;
  return (
    <Guard>
      <section className="readme">
        <h2>{say("launch.preview", { name: readme.name })}</h2>
        <Scrollable className="card readme-text" label={readme.name}>
          <Suspense fallback={null}>
            <Markdown readme={readme} />
          </Suspense>
          {readme.cut && <p className="hint">{say("launch.preview_cut")}</p>}
        </Scrollable>
      </section>
    </Guard>
  );
}
