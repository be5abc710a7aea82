declare module "@jupyterhub/binderhub-client/spec.js" {
  export class LaunchSpec {
    readonly urlPath: string;
    static fromSearchParams(query: URLSearchParams): LaunchSpec;
  }
}
