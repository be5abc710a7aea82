// The loading page: follows one launch and goes to its server.
"use strict";

const by = (id) => document.getElementById(id);
const baseUrl = document.querySelector('meta[name="bindery-base-url"]').content;
const query = new URLSearchParams(location.search);

const longestLog = 4000;  // lines
const mostAttempts = 5;   // connections in a row that end without a word
const steps = ["waiting", "building", "built", "launching", "ready"];
const stepOf = { fetching: "building", pushing: "building" };
const words = {
  waiting: "Waiting for the build to start…",
  fetching: "Fetching the repository…",
  building: "Building the image…",
  pushing: "Storing the image…",
  built: "The image is ready.",
  launching: "Starting your server…",
  ready: "Opening your server…",
};

let attempts = 0;
let step = "waiting";

function icon(state) { by("icon").href = `${baseUrl}favicon_${state}.ico`; }

function showStep(phase, failed) {
  step = stepOf[phase] || phase;
  const at = steps.indexOf(step);
  for (const item of by("phases").children) {
    const place = steps.indexOf(item.dataset.phase);
    item.className = place < at || step === "ready" ? "done" : place > at ? "" : failed ? "failed" : "now";
    if (place === at && !failed) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  }
}

function say(text) {
  if (by("status").textContent !== text) by("status").textContent = text;
}

function log(text) {
  const box = by("log");
  const follows = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  const plain = text.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, "").replace(/\r+\n/g, "\n").replace(/\r/g, "\n");
  const line = document.createElement("span");
  line.textContent = plain.endsWith("\n") ? plain : plain + "\n";
  box.append(line);
  while (box.childElementCount > longestLog) box.firstElementChild.remove();
  if (follows) box.scrollTop = box.scrollHeight;
}

function fail(reason) {
  showStep(step, true);
  icon("fail");
  say("The launch failed.");
  by("reason").textContent = reason.trim();
  // A failed build's log stays at an address of its own.
  const kept = /\/build-log\/([a-z0-9]+)\s*$/.exec(reason);
  if (kept) by("whole-log").href = `${baseUrl}build-log/${kept[1]}`;
  by("whole-log").hidden = !kept;
  by("retry").href = location.href;
  by("failure").hidden = false;
}

// Where on the server the link wants to go, as BinderHub's own client reads it: `labpath` before `filepath` before
// `urlpath`. Unlike there, no link leads off the server, whose token the address carries.
function serverAddress(url, token) {
  const file = (name) => encodeURI(query.get(name).replace(/\/$/, ""));
  const root = new URL(url.endsWith("/") ? url : `${url}/`, location.href);
  let path = (query.get("urlpath") || "").replace(/^\/+/, "");
  if (query.has("labpath")) path = `doc/tree/${file("labpath")}`;
  else if (query.has("filepath")) path = `tree/${file("filepath")}`;
  let target = new URL(root.href + path);
  if (target.origin !== root.origin || !target.pathname.startsWith(root.pathname)) target = root;
  if (token) target.searchParams.append("token", token);
  return target.href;
}

function arrive(event) {
  icon("success");
  if (!event.url) return;
  const address = serverAddress(event.url, event.token);
  by("go").href = address;
  by("arrival").hidden = false;
  location.replace(address);
}

function follow() {
  const page = location.pathname;
  const spec = page.slice(page.indexOf("/v2/", baseUrl.length - 1) + 4);
  const token = query.get("build_token")
    || document.querySelector('meta[name="bindery-build-token"]').content;
  const asked = new URLSearchParams();
  if (token) asked.set("build_token", token);
  const xsrf = document.querySelector('meta[name="bindery-xsrf"]').content;
  if (xsrf) asked.set("_xsrf", xsrf);
  const wishes = asked.toString();
  const source = new EventSource(`${baseUrl}build/${spec}${wishes ? `?${wishes}` : ""}`);
  source.onopen = () => { if (attempts > 0) say("Connected again."); };
  source.onmessage = (message) => {
    attempts = 0;
    let event;
    try {
      event = JSON.parse(message.data);
    } catch {
      log(message.data);
      return;
    }
    if (event.message) log(event.message);
    if (event.phase === "failed") {
      source.close();
      fail(event.message || "No reason was given.");
      return;
    }
    if (words[event.phase]) {
      showStep(event.phase, false);
      say(words[event.phase]);
    }
    if (event.phase === "ready") {
      source.close();
      arrive(event);
    }
  };
  source.onerror = () => {
    attempts += 1;
    if (source.readyState === EventSource.CLOSED || attempts >= mostAttempts) {
      source.close();
      fail("The connection to the server was lost. Try again in a moment.");
    } else {
      say("The connection was lost. Trying again…");
    }
  };
}

showStep("waiting", false);
follow();
