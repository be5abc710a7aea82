import { useState } from "react";
import { Button } from "react-aria-components";
import { say } from "../words/say";
import { askPermission, permission } from "./notice";

/** Offers a message of the browser's for when the launch is ready. */
export function Notify() {
  const [allowed, setAllowed] = useState(permission);
  if (allowed === "none") return null;
  if (allowed === "default")
    return (
      <Button className="quiet small" onPress={async () => setAllowed(await askPermission())}>
        {say("launch.notify")}
      </Button>
    );
  return <p className="hint" role="status">{say(allowed === "granted" ? "launch.notify_on" : "launch.notify_refused")}</p>;
}
