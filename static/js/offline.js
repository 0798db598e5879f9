// The portal on the device: the service worker, and what a page says of it. Fetched by rotonde.js from the second
// page on. What is said stands in the page (templates/shared/_device.html), in the language of the visitor.
const { serviceWorker } = navigator;
const $ = (selector) => document.querySelector(selector);
const here = () => location.href.split("#")[0];

/** Ask the worker; gives its answer. */
export async function ask(facts) {
  const { active } = await serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
  active.postMessage(facts, [port2]);
  return answer;
}

/** Who is signed in, as a name without meaning that the portal gave this device; empty for nobody. */
export const who = () => document.cookie.match(/(?:^|; )who=([^;]+)/)?.[1] || "";

const seen = () => [...new Set([document.referrer, here()])].filter((url) => url.startsWith(`${location.origin}/`));

let registration = null;
let asked = false;

function show({ waiting, asks, kept }) {
  const line = $("[data-device=waiting]");
  if (line) {
    line.hidden = !(waiting + asks) || location.pathname === "/outbox";
    line.querySelector("[data-count]").textContent = waiting + asks;
    line.querySelector("[data-asks]").hidden = !asks;
  }
  if (kept !== undefined && $("[data-device=kept]")) $("[data-device=kept]").hidden = !kept || location.pathname === "/outbox";
  if ($("[data-device=new]")) $("[data-device=new]").hidden = !registration?.waiting;
}

async function refresh() {
  show((await ask({ do: "state", url: here() })) || {});
  const panel = $("[data-follows]");
  if (panel && registration?.pushManager && (await registration.pushManager.getSubscription())) (await import(panel.dataset.follows)).look(panel);
}
const flush = () => ask({ do: "flush" });

// A page and its files belong together: a new version is loaded when somebody says so, or when no page is open.
function watch() {
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", () => registration.waiting && serviceWorker.controller && refresh());
  });
  let controlled = Boolean(serviceWorker.controller);
  serviceWorker.addEventListener("controllerchange", () => {
    if (asked) location.reload();
    else if (controlled && $("[data-device=new]")) $("[data-device=new]").hidden = false; // another tab said so
    controlled = true;
  });
}

function update() {
  asked = true;
  if (registration.waiting) registration.waiting.postMessage({ do: "update" });
  else location.reload();
}

// Whoever signs out while something of theirs waits here is asked first; it stays unless they throw it away.
async function mayLeave(form) {
  const { waiting = 0, asks = 0 } = (await ask({ do: "state", url: here() })) || {};
  const dialog = $("[data-device=leave]");
  if (!dialog || !(waiting + asks)) return form.submit();
  dialog.returnValue = "";
  dialog.addEventListener("close", () => leave(dialog.returnValue, form), { once: true });
  dialog.showModal();
}

async function leave(answer, form) {
  if (answer === "drop") for (const { once } of (await ask({ do: "list" })) || []) await ask({ do: "drop", once });
  if (answer === "drop" || answer === "keep") form.submit();
}

function addManifest() {
  const link = document.createElement("link");
  [link.rel, link.href] = ["manifest", `/manifest.webmanifest?lang=${document.documentElement.lang}`];
  document.head.append(link);
}

let started = null;

/** Make the device ready; once, however often it is asked. */
export default function start() {
  return (started ??= prepare());
}

async function prepare() {
  registration = await serviceWorker.register("/sw.js");
  addManifest();
  watch();
  if (!serviceWorker.controller) ask({ do: "keep", urls: seen() }); // they came before the worker did
  serviceWorker.addEventListener("message", ({ data }) => show(data));
  serviceWorker.startMessages();
  document.addEventListener("htmx:after:swap", ({ detail }) => detail.ctx.target === document.body && refresh());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && flush());
  window.addEventListener("online", flush);
  document.addEventListener("click", ({ target }) => target.closest("[data-device-update]") && update());
  window.addEventListener("submit", (event) => { // before the document's listener, which takes a form once
    if (!event.target.matches("form[action='/sign-out']")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    mayLeave(event.target);
  }, true);
  await refresh();
  await flush();
}
