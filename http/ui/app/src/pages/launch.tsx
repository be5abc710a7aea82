import { createRoot } from "react-dom/client";
import { LaunchView } from "../launch/LaunchView";
import { readLink } from "../links/link";
import { appRoot, baseUrl, proofOf } from "../page";

const root = appRoot();
const { pathname, search } = location;
const marker = `${baseUrl}v2/`;
// The spec goes to the server as it stands in the address, escapes and all.
const spec = pathname.slice(pathname.indexOf(marker) + marker.length);
const read = readLink(pathname, search, baseUrl);
const proof = proofOf();
const given = new URLSearchParams(search).get("build_token");

createRoot(root).render(
  <LaunchView
    link={{
      spec,
      query: search,
      source: root.dataset.source ?? "",
      repo: read?.repo || spec,
      ref: read?.ref ?? "",
    }}
    proof={{ ...proof, buildToken: given || proof.buildToken }}
  />,
);
