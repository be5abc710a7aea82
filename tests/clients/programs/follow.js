// Follows a launch with the real client in Node; each event becomes one line "event <json>".
// arguments: base URL, spec
import { BinderRepository } from "@jupyterhub/binderhub-client/client.js";

// The client's own dependency is written for pages and asks for these two, whatever it talks to.
globalThis.window = globalThis;
globalThis.document = { cookie: "", addEventListener() {}, removeEventListener() {} };

const [base, spec] = process.argv.slice(2);
const repository = new BinderRepository(spec, new URL("build/", base));
for await (const event of repository.fetch()) {
  console.log(`event ${JSON.stringify(event)}`);
  if (event.phase === "ready" || event.phase === "failed") repository.close();
}
