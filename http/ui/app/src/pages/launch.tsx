import { createRoot } from "react-dom/client";
import { LaunchView } from "../launch/LaunchView";
import { withoutToken } from "../launch/target";
import { readLink } from "../links/link";
import { appRoot, baseUrl, proofOf } from "../page";

const root = appRoot();
const { pathname } = location;
// A link made by others may hold a token. This page's own is newer, and no token stays in the address.
const given = new URLSearchParams(location.search).get("build_token");
const search = withoutToken(location.search);
if (search !== location.search) history.replaceState(null, "", pathname + search + location.hash);
const marker = `${baseUrl}v2/`;
// The spec goes to the server as it stands in the address, escapes and all.
const spec = pathname.slice(pathname.indexOf(marker) + marker.length);
const read = readLink(pathname, search, baseUrl);
const proof = proofOf();

createRoot(root).render(
  <LaunchView
    link={{
      spec,
      query: search,
      source: root.dataset.source ?? "",
      repo: read?.repo || spec,
      ref: read?.ref ?? "",
    }}
    proof={{ ...proof, buildToken: proof.buildToken || given || "" }}
  />,
);
