// The whole of the real client, for pages: `binderhub.BinderRepository`, `binderhub.LaunchSpec`.
export { BinderRepository } from "@jupyterhub/binderhub-client/client.js";
export { LaunchSpec } from "@jupyterhub/binderhub-client/spec.js";
