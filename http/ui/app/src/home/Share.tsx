import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { badges } from "../links/badge";
import { badgeBaseUrl } from "../page";
import { say } from "../words/say";
import { CopyField } from "./CopyField";

const kinds = [
  ["markdown", "Markdown"],
  ["html", "HTML"],
  ["rst", "reStructuredText"],
] as const;

/** The link and the badges that launch what the form says; "" where it says nothing yet. */
export function Share({ link }: { link: string }) {
  const texts = link ? badges(badgeBaseUrl, link) : null;
  return (
    <section className="card share" aria-labelledby="share-title">
      <h2 id="share-title">{say("home.share")}</h2>
      {!link && <p className="hint">{say("home.share_empty")}</p>}
      <CopyField label={say("home.link")} button={say("home.copy_link")} value={link} />
      <p className="badge-preview">
        {say("home.badge_preview")} <img src={`${badgeBaseUrl}badge_logo.svg`} alt={say("home.badge_alt")} height={20} />
      </p>
      <Tabs className="badges">
        <TabList aria-label={say("home.badge")}>
          {kinds.map(([kind, name]) => (
            <Tab key={kind} id={kind}>{name}</Tab>
          ))}
        </TabList>
        {kinds.map(([kind, name]) => (
          <TabPanel key={kind} id={kind}>
            <CopyField label={`${say("home.badge")}: ${name}`} button={say("home.copy_badge")} value={texts?.[kind] ?? ""} />
          </TabPanel>
        ))}
      </Tabs>
    </section>
  );
}
