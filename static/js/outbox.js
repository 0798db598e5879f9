// The outbox on the screen: what waits, what needs an answer, what was sent; and the pages kept on this device.
// The list itself lies with the service worker (worker.js), which sends it. All words stand in the page.
const device = await import(document.querySelector("[data-offline]").dataset.offline);

const shown = (element, on) => element && (element.hidden = !on);
const made = (name, facts) => Object.assign(document.createElement(name), facts);
const value = (item, name) => item.fields.find(([known]) => known === name)?.[1] ?? "";
const without = (item, ...names) => item.fields.filter(([name]) => !names.includes(name));

export default async function start(root) {
  shown(root.querySelector("[data-missing]"), location.pathname !== "/outbox");
  if (!navigator.serviceWorker) return;
  const draw = async () => drawAll(root, (await device.ask({ do: "list" })) || []);
  root.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-do]");
    if (button && (await act(button))) await draw();
  });
  root.addEventListener("submit", async (event) => {
    event.preventDefault();
    await mend(event.target);
    await draw();
  });
  const told = () => (root.isConnected ? draw() : navigator.serviceWorker.removeEventListener("message", told));
  navigator.serviceWorker.addEventListener("message", told);
  await draw();
  await drawPages(root.querySelector("[data-pages]"), root.dataset.language);
}

// --- what is drawn

function drawAll(root, items) {
  const list = root.querySelector("[data-list]");
  const open = document.activeElement?.closest?.("[data-once]");
  if (open?.querySelector("form:not([hidden])")) return; // somebody is typing in it
  list.replaceChildren(...items.map((item) => drawOne(root, item)));
  shown(root.querySelector("[data-none]"), !items.some(({ state }) => state !== "sent"));
  shown(root.querySelector("[data-again]"), items.some(({ state }) => state === "waiting"));
}

function drawOne(root, item) {
  const row = root.querySelector("template").content.cloneNode(true).firstElementChild;
  const $ = (selector) => row.querySelector(selector);
  const hers = item.why === "other"; // what somebody else wrote is not for the eyes of whoever holds the phone now
  row.dataset.once = item.once;
  row.item = item;
  shown($(`[data-kind=${item.kind}]`), true);
  shown($(`[data-state=${item.state}]`), true);
  $("[data-title]").textContent = hers ? "…" : item.title;
  if (item.kind === "signature" && !hers) $("[data-title]").replaceChildren(made("a", { href: item.url.replace(/\/signatures$/, ""), textContent: item.title }));
  $("[data-at]").textContent = when(item.at, root.dataset.language);
  shown($("[data-photos]"), item.photos.length);
  $("[data-photos] span").textContent = item.photos.length;
  if (item.state === "asks") shown($(`[data-why=${item.why}]`), true);
  for (const { said } of item.errors) $("[data-errors]").append(made("li", { className: "error", textContent: said }));
  $("[data-said]").textContent = item.said || "";
  shown($("[data-said]"), item.said);
  const refused = item.state === "asks" && item.why === "refused";
  const ifs = { expired: item.why === "expired", known: item.why === "known", mend: refused && item.kind === "report",
    sent: item.state === "sent", unsent: item.state !== "sent" };
  for (const part of row.querySelectorAll("[data-if]")) shown(part, ifs[part.dataset.if]);
  $("a[data-if=mend]").href = `/report/offline?mend=${encodeURIComponent(item.once)}`;
  if (item.to) $("a[data-if=sent]").href = item.to;
  if (refused && item.kind === "signature") openForm(row, true);
  return row;
}

// The day before the month, in English too.
function when(at, language) {
  return new Date(at).toLocaleString(language === "en" ? "en-GB" : language, { dateStyle: "long", timeStyle: "short" });
}

function openForm(row, withReason) {
  const form = row.querySelector("[data-mend]");
  for (const name of ["name", "email", "reason"]) form.elements[name].value = value(row.item, name);
  shown(form, true);
  shown(form.querySelector("[data-reason]"), withReason);
  form.elements.name.focus();
}

async function drawPages(section, language) {
  const found = new Map();
  for (const name of (await caches.keys()).filter((one) => one.startsWith("pages-"))) {
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) {
      const kept = await cache.match(url, { ignoreVary: true });
      if (!kept) continue; // a newer one is just being put in its place
      const text = await kept.text();
      const { title, documentElement } = new DOMParser().parseFromString(text, "text/html");
      if (!url.endsWith("/outbox")) found.set(url, { title: title.split(" · ")[0], language: documentElement.lang || language });
    }
  }
  section.querySelector("ul").replaceChildren(...[...found].map(([url, { title, language: lang }]) => {
    const line = document.createElement("li");
    line.append(made("a", { href: url, textContent: title, lang }));
    return line;
  }));
  shown(section, found.size);
}

// --- what is done with one

async function act(button) {
  const row = button.closest("[data-once]");
  const once = row?.dataset.once;
  switch (button.dataset.do) {
    case "flush": await device.ask({ do: "flush" }); return true;
    case "guest": openForm(row, false); return false;
    case "own": await again(once, { who: device.who(), fields: without(row.item, "name", "email") }); return true;
    case "drop": shown(button, false); shown(row.querySelector("[data-do=really]"), true); return false;
    default: await device.ask({ do: "drop", once }); return true;
  }
}

async function mend(form) {
  const { item } = form.closest("[data-once]");
  const guest = item.why === "expired" ? "" : item.who;
  const given = [...new FormData(form)].filter(([name]) => name !== "reason" || item.kind === "signature");
  await again(item.once, { who: guest, fields: [...without(item, "name", "email", "reason"), ...given] });
}

async function again(once, facts) {
  document.activeElement?.blur();
  await device.ask({ do: "change", once, facts: { ...facts, state: "waiting", why: "", errors: [] } });
  await device.ask({ do: "flush" });
}
