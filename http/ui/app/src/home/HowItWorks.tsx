import { stageNames } from "../launch/stages";
import { say, type Words } from "../words/say";

/** The stages of a launch, in a few lines. */
export function HowItWorks() {
  return (
    <section className="how" aria-labelledby="how-title">
      <h2 id="how-title">{say("home.how")}</h2>
      <ol>
        {stageNames.map((name) => (
          <li key={name}>
            <strong>{say(`stage.${name}` as Words)}</strong>
            <span>{say(`home.how_${name}` as Words)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
