import { useRef, useState, type FormEvent } from "react";
import { Button, Input, Label, Text, TextField } from "react-aria-components";
import type { Provider } from "../links/provider";
import type { PathKind } from "../links/understand";
import { say } from "../words/say";
import { type Choice, type Filled, nothing } from "./choice";

const pathKinds: PathKind[] = ["labpath", "filepath", "urlpath"];

interface Asked {
  filled: Filled;
  choice: Choice | null;
  providers: Provider[];
  /** The launch is being prepared. */
  busy: boolean;
  onChange(filled: Filled): void;
  onLaunch(choice: Choice): void;
}

/** One field that understands what people paste, and what of it can be changed. */
export function LaunchForm({ filled, choice, providers, busy, onChange, onLaunch }: Asked) {
  const field = useRef<HTMLInputElement>(null);
  const [complains, setComplains] = useState(false);
  const change = (part: Partial<Filled>) => onChange({ ...filled, ...part });
  const problem = complains && choice?.problem ? sayProblem(choice) : "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!choice || busy) return;
    setComplains(true);
    if (choice.problem) field.current?.focus();
    else onLaunch(choice);
  };
  return (
    <form className="card launch-form" noValidate onSubmit={submit}>
      <TextField
        className="field wide"
        name="repo"
        isRequired
        isInvalid={problem !== ""}
        value={filled.text}
        // Another text is another repository: what was chosen for the one before does not hold.
        onChange={(text) => onChange(text.trim() === "" ? { ...nothing, text } : { ...filled, text })}
        onPaste={() => onChange({ ...nothing, text: filled.text })}
      >
        <Label>{say("home.repo")}</Label>
        <Input
          ref={field}
          id="repo"
          className="main-field"
          autoFocus
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          dir="auto"
          placeholder={choice?.provider.repo?.placeholder || ""}
        />
        <Text slot="description" className="hint">{say("home.repo_hint")}</Text>
        <p className="problem" role="alert">{problem}</p>
      </TextField>

      <div className="field">
        <label htmlFor="provider">{say("home.source")}</label>
        <select id="provider" aria-describedby="recognized" value={choice?.provider.id ?? ""} onChange={(event) => change({ provider: event.target.value })}>
          {providers.map((one) => (
            <option key={one.id} value={one.id}>{one.displayName}</option>
          ))}
        </select>
        <p id="recognized" className="hint" role="status">
          {filled.text.trim() !== "" && choice && sayRecognized(choice)}
        </p>
      </div>
      {choice?.provider.ref?.enabled !== false && (
        <TextField className="field" value={filled.ref ?? choice?.ref ?? ""} onChange={(ref) => change({ ref })}>
          <Label>{say("home.ref")}</Label>
          <Input id="ref" autoComplete="off" autoCapitalize="off" spellCheck={false} dir="auto" placeholder={choice?.provider.ref?.default ?? ""} />
        </TextField>
      )}
      <TextField className="field" value={filled.path ?? choice?.path ?? ""} onChange={(path) => change({ path })}>
        <Label>{say("home.path")}</Label>
        <Input id="path" autoComplete="off" autoCapitalize="off" spellCheck={false} dir="auto" placeholder="notebooks/start.ipynb" />
        <Text slot="description" className="hint">{say("home.path_hint")}</Text>
      </TextField>
      <div className="field">
        <label htmlFor="path-kind">{say("home.path_kind")}</label>
        <select id="path-kind" value={choice?.pathKind ?? "labpath"} onChange={(event) => change({ pathKind: event.target.value as PathKind })}>
          {pathKinds.map((kind) => (
            <option key={kind} value={kind}>{say(`home.${kind}`)}</option>
          ))}
        </select>
      </div>
      <div className="actions wide">
        <Button type="submit" className="main" isDisabled={providers.length === 0} isPending={busy}>
          {say("home.launch")}
        </Button>
      </div>
    </form>
  );
}

function sayRecognized(choice: Choice): string {
  const source = choice.provider.displayName;
  if (choice.recognized === "certain") return say("home.source_detected", { source });
  return choice.recognized === "guess" ? say("home.source_guessed", { source }) : "";
}

function sayProblem(choice: Choice): string {
  if (choice.problem === "empty") return say("home.empty");
  const source = choice.provider.displayName;
  const example = choice.provider.repo?.placeholder?.replace(/^example: /, "");
  return example ? say("home.malformed_expected", { source, example }) : say("home.malformed", { source });
}
