// The service worker: pages seen before open without network, what was written waits and goes out once.
// The server writes KNOWN above this line: its version, the pages and files to fetch first, the icon of a notice.
//
// Whose pages? Only those that the server marks with X-Offline, which are the same for everybody.
// Which version? Files have their hash in their address, and pages lie beside the files they were made with. The
// pages of one version before stay too, so that an update takes nothing away that could be read without network.
"use strict";
const PAGES = `pages-${KNOWN.version}`, FILES = `files-${KNOWN.version}`, PHOTOS = "photos";
const MOST = { [PAGES]: 60, [PHOTOS]: 60 };
const PATIENCE = 8000, HOUR = 3600e3; // after so long a page that is on the device is better than one that may come
const WAITS = /^\/d\/[^/]+\/signatures$/;
const FORGETS = new Set(["/sign-out", "/language", "/me/erase"]);

// --- what is kept
async function keep(url, answer) {
  const cache = await caches.open(PAGES);
  const [how, language] = (answer.headers.get("X-Offline") || "").split(" ");
  if (how === "ask") {
    const known = await cache.match(url, { ignoreVary: true });
    if (known && Date.now() - Date.parse(known.headers.get("Date")) < HOUR) return;
    answer = await fetch(url, { credentials: "omit", headers: { "Accept-Language": language } });
  }
  if (answer.headers.get("X-Offline")?.startsWith("keep")) await put(PAGES, url, answer);
}
// The one that was used last stands last; what is too much goes from the front.
async function put(name, url, answer) {
  const cache = await caches.open(name);
  await cache.delete(url, { ignoreVary: true });
  await cache.put(url, answer);
  const others = (await cache.keys()).filter((one) => !KNOWN.first.includes(new URL(one.url).pathname));
  for (const old of others.slice(0, Math.max(0, others.length - MOST[name]))) await cache.delete(old, { ignoreVary: true });
}
const known = (url) => caches.match(url, { ignoreVary: true });
const fetchFirst = () => Promise.all(KNOWN.first.map(async (url) => keep(new URL(url, location).href, await fetch(url))));

const install = () => Promise.all([fetchFirst(), caches.open(FILES).then((cache) => cache.addAll(KNOWN.assets))]);
async function activate() {
  const others = (await caches.keys()).filter((name) => /^(pages|files)-/.test(name) && name !== PAGES && name !== FILES);
  await Promise.all(others.slice(0, -2).map((name) => caches.delete(name)));
  await clients.claim();
}
async function forget(event) {
  for (const name of await caches.keys()) if (!name.startsWith("files-")) await caches.delete(name);
  for (const item of await all()) if (item.state === "sent") await store("readwrite", (items) => items.delete(item.once));
  const answer = await fetch(event.request);
  event.waitUntil(fetchFirst().catch(() => {})); // in the new language
  return answer;
}

// --- what is asked
const served = new Set(); // pages that came from the device: they say so

async function page(event) {
  const url = event.request.url.split("#")[0];
  const fresh = fetch(event.request);
  event.waitUntil(fresh.then((answer) => keep(url, answer.clone())).catch(() => {}));
  const kept = await known(url);
  try {
    const answer = await (kept ? Promise.race([fresh, new Promise((_, no) => setTimeout(no, PATIENCE))]) : fresh);
    served.delete(url);
    return answer;
  } catch {
    served.add(url);
    return kept || known(KNOWN.first[new URL(url).pathname.startsWith("/report") ? 1 : 0]);
  }
}

async function file(request) {
  const answer = (await known(request.url)) || (await fetch(request));
  if (answer.ok && !(await known(request.url))) await (await caches.open(FILES)).put(request.url, answer.clone());
  return answer;
}
async function photo(event) {
  const answer = (await known(event.request.url)) || (await fetch(event.request));
  const isPublic = answer.headers.get("Cache-Control")?.includes("public");
  if (answer.status === 200 && isPublic) event.waitUntil(put(PHOTOS, event.request.url, answer.clone()));
  return answer;
}

async function orWait(request) {
  const copy = request.clone();
  try {
    return await fetch(request);
  } catch {
    const fields = [...(await copy.formData())].filter(([name]) => name !== "csrf_token");
    const { once, who = "" } = Object.fromEntries(fields);
    const title = new URL(request.url).pathname.split("/")[2];
    await add({ once: once || crypto.randomUUID(), kind: "signature", url: request.url, title, who, fields, photos: [] });
    if (request.headers.has("HX-Request")) return new Response(null, { headers: { "HX-Redirect": "/outbox" } });
    return Response.redirect("/outbox", 303);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST" && FORGETS.has(url.pathname)) event.respondWith(forget(event));
  if (request.method === "POST" && WAITS.test(url.pathname)) event.respondWith(orWait(request));
  if (request.method !== "GET") return;
  if (url.searchParams.has("v")) event.respondWith(file(request));
  else if (url.pathname.startsWith("/photos/")) event.respondWith(photo(event));
  else if (request.mode === "navigate" || request.headers.get("HX-Request-Type") === "full") event.respondWith(page(event));
});

// --- the outbox: once (its key, also on the server), kind, url, title, who, fields, photos, at, state, why, errors
async function store(mode, act) {
  const database = await new Promise((yes, no) => {
    const asked = indexedDB.open("rotonde", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("outbox", { keyPath: "once" });
    asked.onsuccess = () => yes(asked.result);
    asked.onerror = () => no(asked.error);
  });
  return new Promise((yes, no) => {
    const transaction = database.transaction("outbox", mode, { durability: "strict" });
    const asked = act(transaction.objectStore("outbox"));
    transaction.oncomplete = () => yes(asked.result);
    transaction.onerror = transaction.onabort = () => no(transaction.error);
  }).finally(() => database.close());
}

const all = async () => (await store("readonly", (items) => items.getAll())).sort((a, b) => a.at - b.at);
async function add(item) {
  await store("readwrite", (items) => items.put({ at: Date.now(), ...item, state: "waiting", why: "", errors: [] }));
  registration.sync?.register("outbox").catch(() => {}); // nobody waits for it: there are browsers that never answer
  await tell();
}
async function change(once, facts) {
  const item = await store("readonly", (items) => items.get(once));
  if (item) await store("readwrite", (items) => items.put({ ...item, ...facts }));
  await tell();
}

async function count() {
  const states = (await all()).map(({ state }) => state);
  return { waiting: states.filter((one) => one === "waiting").length, asks: states.filter((one) => one === "asks").length };
}
async function tell() {
  const counted = await count();
  navigator.setAppBadge?.(counted.waiting + counted.asks).catch(() => {});
  for (const client of await clients.matchAll({ includeUncontrolled: true })) client.postMessage(counted);
}
// One at a time, in every tab and in the background: what is under way is not begun a second time.
const flush = () => navigator.locks.request("outbox", async () => {
  const ready = (await all()).filter(({ state, why }) => state === "waiting" || (state === "asks" && why !== "refused"));
  let failed = false;
  for (const item of ready) failed = !(await send(item)) || failed;
  if (failed) throw new Error("something waits still"); // the browser tries again
});
async function send(item) {
  const proof = await (await fetch("/token", { cache: "no-store" })).json();
  if (proof.who !== item.who) {
    await change(item.once, { state: "asks", why: !item.who ? "known" : proof.who ? "other" : "expired" });
    return true;
  }
  const body = new FormData();
  for (const [name, value] of [...item.fields.filter(([name]) => name !== "once"), ["once", item.once]]) body.append(name, value);
  body.append("csrf_token", proof.token);
  for (const picture of item.photos) body.append("photo", picture, "photo");
  const headers = { Accept: "application/json", "Idempotency-Key": item.once };
  const answer = await fetch(item.url, { method: "POST", body, headers });
  const said = await answer.json().catch(() => null);
  if (answer.status >= 500 || answer.status === 429 || (answer.ok && !said)) return false;
  if (answer.ok) await change(item.once, { state: "sent", to: said.url, said: said.said, fields: [], photos: [] });
  else await change(item.once, { state: "asks", why: "refused", errors: said?.errors || [] });
  return true;
}

self.addEventListener("sync", (event) => event.tag === "outbox" && event.waitUntil(flush()));

// --- what a page asks of it: { do, … } and a port for the answer
const DOES = {
  list: all,
  add: ({ item }) => add(item),
  change: ({ once, facts }) => change(once, facts),
  drop: ({ once }) => store("readwrite", (items) => items.delete(once)).then(tell),
  flush,
  keep: ({ urls }) => Promise.all(urls.map(async (url) => keep(url, await fetch(url)))),
  update: () => self.skipWaiting(),
  state: async ({ url }) => ({ ...(await count()), kept: served.has(url) }),
};

self.addEventListener("message", (event) => {
  const answer = (facts) => event.ports[0]?.postMessage(facts ?? null);
  event.waitUntil(DOES[event.data.do](event.data).then(answer, () => answer(null)));
});
self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

// --- notices of dossiers that this device follows: title, line and link, nothing about anybody
self.addEventListener("push", (event) => {
  const { title, line, url, tag } = event.data.json();
  event.waitUntil(registration.showNotification(title, { body: line, tag, icon: KNOWN.icon, data: url }));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(clients.openWindow(event.notification.data));
});
