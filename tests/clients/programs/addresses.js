// Where the real client's links lead: from a JSON list of {query, server, token} to a JSON list of addresses.
import { readFileSync } from "node:fs";
import { LaunchSpec } from "@jupyterhub/binderhub-client/spec.js";

const asked = JSON.parse(readFileSync(0, "utf8"));
const answers = asked.map(({ query, server, token }) =>
  LaunchSpec.fromSearchParams(new URLSearchParams(query)).getJupyterServerRedirectUrl(new URL(server), token).href);
console.log(JSON.stringify(answers));
