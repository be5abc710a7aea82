import { useMemo, useState } from "react";
import { ownUrl } from "../page";
import { say } from "../words/say";
import { choose, type Choice, type Filled, linkOfChoice, nothing } from "./choice";
import { HowItWorks } from "./HowItWorks";
import { LaunchForm } from "./LaunchForm";
import { useProviders } from "./providers";
import { Recents } from "./Recents";
import { Share } from "./Share";

/** The page on which links are made and launches begin. */
export function HomeView({ onLaunch }: { onLaunch(choice: Choice, link: string): Promise<void> }) {
  const { providers, problem } = useProviders();
  const [filled, setFilled] = useState<Filled>(nothing);
  const [busy, setBusy] = useState(false);
  const choice = useMemo(() => choose(filled, providers), [filled, providers]);
  const link = choice && !choice.problem ? linkOfChoice(choice, ownUrl) : "";
  return (
    <>
      <h1>{say("page.home_title")}</h1>
      <p className="lead">{say("page.home_lead")}</p>
      {problem && <p className="notice" role="alert">{say("home.no_sources", { why: problem })}</p>}
      <LaunchForm
        filled={filled}
        choice={choice}
        providers={providers}
        busy={busy}
        onChange={setFilled}
        onLaunch={async (chosen) => {
          setBusy(true);
          await onLaunch(chosen, linkOfChoice(chosen, ownUrl));
          setBusy(false);
        }}
      />
      <Share link={link} />
      <Recents />
      <HowItWorks />
    </>
  );
}
