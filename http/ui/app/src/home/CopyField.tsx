import { useRef, useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";
import { copy } from "../copy";
import { say } from "../words/say";

/** A text to take away, with a button that copies it. */
export function CopyField({ label, button, value }: { label: string; button: string; value: string }) {
  const field = useRef<HTMLInputElement>(null);
  const [said, setSaid] = useState("");
  return (
    <TextField className="field copy-field" isReadOnly value={value}>
      <Label>{label}</Label>
      <div className="copy">
        <Input ref={field} dir="ltr" onFocus={(event) => event.currentTarget.select()} />
        <Button
          className="quiet"
          aria-label={button}
          isDisabled={!value}
          onPress={async () => {
            const done = await copy(value);
            if (!done) field.current?.select();
            setSaid(say(done ? "home.copied" : "home.not_copied"));
            setTimeout(() => setSaid(""), 4_000);
          }}
        >
          {say("home.copy")}
        </Button>
      </div>
      <p className="hint" role="status">{said}</p>
    </TextField>
  );
}
