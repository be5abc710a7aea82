import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { createRoot } from "react-dom/client";
import type { Choice } from "../home/choice";
import { HomeView } from "../home/HomeView";
import type { LaunchLink } from "../launch/LaunchView";
import { appRoot, type Proof, proofOf, setIcon } from "../page";

const loadLaunchView = () => import("../launch/LaunchView");
const LaunchView = lazy(() => loadLaunchView().then((module) => ({ default: module.LaunchView })));

const homeTitle = document.title;
const where = () => location.pathname + location.search;

/** The home page; a launch starts in its place, under the address of its link. */
function App() {
  const [launch, setLaunch] = useState<{ link: LaunchLink; proof: Proof } | null>(null);
  const shown = useRef(where());

  useEffect(() => {
    // Back leads home and leaves the launch. Forward to a launch makes it anew, as a link does.
    const moved = () => {
      // A link to a place in this page goes nowhere.
      if (where() === shown.current) return;
      shown.current = where();
      if (/\/v2\//.test(location.pathname)) return location.reload();
      setLaunch(null);
      document.title = homeTitle;
      setIcon("");
    };
    addEventListener("popstate", moved);
    return () => removeEventListener("popstate", moved);
  }, []);

  const start = async (choice: Choice, address: string) => {
    const [proof, view] = await Promise.all([askProof(address), loadLaunchView().catch(() => null)]);
    // The link's own page says why, or asks for a login.
    if (!proof || !view) return location.assign(address);
    const { pathname, search } = new URL(address);
    history.pushState(null, "", pathname + search);
    shown.current = where();
    scrollTo(0, 0);
    setLaunch({
      proof,
      link: {
        spec: `${choice.provider.id}/${choice.spec}`,
        query: search,
        source: choice.provider.displayName,
        repo: choice.repo,
        ref: choice.provider.ref?.enabled === false ? "" : choice.ref || choice.provider.ref?.default || "",
      },
    });
  };

  if (!launch) return <HomeView onLaunch={start} />;
  return (
    <Suspense fallback={null}>
      <LaunchView link={launch.link} proof={launch.proof} takesFocus />
    </Suspense>
  );
}

/** What the link's own page would show to `/build`; null where that page is not to be had (somebody has to log in, say). */
async function askProof(address: string): Promise<Proof | null> {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, redirect: "error" });
    if (!answer.ok) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector('meta[name="bindery-build-token"]') ? proofOf(page) : null;
  } catch {
    return null;
  }
}

createRoot(appRoot()).render(<App />);
