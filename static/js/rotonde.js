// The few things that a page cannot say itself. Everything works without this file: what needs it starts hidden.
// Listeners sit on the document, because htmx replaces the body.
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector) => document.querySelectorAll(selector);

  // --- light or dark: a cookie, so that the next page arrives in the right colours
  const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : systemIsDark.matches);

  function switchTheme() {
    root.dataset.theme = isDark() ? "light" : "dark";
    document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
    wake();
  }

  // --- show what needs script, on arrival and after every swap
  function wake() {
    for (const button of all("[data-theme-switch]")) {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(isDark()));
    }
    for (const part of all("[data-part]")) start(part);
    for (const button of all("[data-needs]")) button.hidden = !(button.dataset.needs in navigator || button.dataset.needs in window);
    if ("geolocation" in navigator) for (const button of all("[data-locate]")) button.hidden = false;
  }

  // --- a part of the page with a script of its own, fetched when it is there: data-part="address of the module".
  // The module's default export gets the element; what it says to people stands in the page, in their language.
  const started = new WeakSet();

  async function start(part) {
    if (started.has(part)) return;
    started.add(part);
    const module = await import(part.dataset.part);
    module.default(part);
  }

  // --- a button with a script of its own, fetched when it is pressed: data-press="address of the module".
  // It stays hidden on a device that has not what it needs: data-needs="share".
  async function press(button) {
    const module = await import(button.dataset.press);
    module.default(button);
  }

  // --- the portal without network: its script is fetched when the device knows us already, from the second page
  // on, or when somebody begins to fill in a form; never for the first page of a first visit, which has to be light
  const { serviceWorker } = navigator;
  let prepared = !serviceWorker;

  function prepare() {
    const box = document.querySelector("[data-offline]");
    if (prepared || !box) return;
    prepared = true;
    (window.requestIdleCallback || setTimeout)(async () => (await import(box.dataset.offline)).default());
  }

  // A page of another version than the styles and scripts that are here would be half old: load all of it.
  function keepWhole(event) {
    const { ctx } = event.detail;
    const sheet = document.querySelector("link[rel=stylesheet]").getAttribute("href");
    if (ctx.target !== document.body || ctx.request.method !== "GET" || ctx.text.includes(sheet)) return;
    event.preventDefault();
    location.assign(ctx.response.raw.url);
  }

  // --- "I am here": fills lat and lon of its form and sends it; says in words when the phone does not know
  function locate(button) {
    const form = button.form || button.closest("form");
    const note = form.querySelector("[data-locate-failed]");
    const fill = ({ coords }) => {
      form.elements.lat.value = coords.latitude.toFixed(6);
      form.elements.lon.value = coords.longitude.toFixed(6);
      release(button);
      form.requestSubmit(button.type === "submit" ? button : undefined);
    };
    const fail = () => {
      release(button);
      if (note) note.hidden = false;
    };
    hold(button);
    navigator.geolocation.getCurrentPosition(fill, fail, { enableHighAccuracy: true, timeout: 15000 });
  }

  // --- one tap is one submit (the server takes a second one for the first; this only keeps people calm)
  const hold = (button) => button.setAttribute("aria-disabled", "true");
  const release = (button) => button.removeAttribute("aria-disabled");
  const sent = new Set();

  function holdForm(event) {
    const form = event.target;
    if (form.method !== "post" || event.submitter?.formTarget) return; // what opens beside it leaves this page as it is
    if (sent.has(form)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    sent.add(form);
    if (event.submitter) hold(event.submitter);
    setTimeout(() => releaseForm(form), 8000); // the answer may be a file, and then this page stays
  }

  function releaseForm(form) {
    sent.delete(form);
    form.querySelectorAll("button[aria-disabled]").forEach(release);
  }

  // An answer that comes after who asked has left the page would undo what was chosen since.
  function stale(event) {
    if (event.detail.ctx?.sourceElement?.isConnected === false) event.preventDefault();
  }

  // --- where the eye and the screen reader go after a swap: what is wrong, or the top of the new page
  function settle(event) {
    wake();
    const errors = document.getElementById("errors");
    if (errors && !errors.dataset.seen) {
      errors.dataset.seen = "yes";
      errors.focus();
    } else if (event.detail.ctx.target === document.body) {
      document.getElementById("main").focus({ preventScroll: true });
      prepare();
    } else if (document.activeElement === document.body) {
      arrive(document.getElementById(event.detail.ctx.target.id));
    }
  }

  // What was pressed is gone with the part it stood in: go on at the beginning of what came in its place.
  function arrive(part) {
    if (!part) return;
    part.tabIndex = -1;
    part.focus({ preventScroll: true });
    const { top } = part.getBoundingClientRect();
    if (top < 0 || top > innerHeight / 2) part.scrollIntoView();
  }

  // A refused POST shows its page under the address of the form, which a reload or the back button can GET.
  function keepAddress(event) {
    const { response, sourceElement } = event.detail;
    if (response?.status >= 400 && sourceElement?.method === "post") event.preventDefault();
  }

  function unreachable() {
    for (const box of all("[data-unreachable]")) {
      box.hidden = false;
      box.scrollIntoView({ block: "center" });
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-switch], [data-locate], [data-press]");
    if (!button) return;
    if (button.matches("[data-press]")) return press(button);
    if (button.matches("[data-theme-switch]")) return switchTheme();
    event.preventDefault(); // first the place, then the submit
    if (button.getAttribute("aria-disabled") !== "true") locate(button);
  });
  document.addEventListener("submit", holdForm, true);
  document.addEventListener("htmx:before:swap", stale);
  document.addEventListener("htmx:after:swap", settle);
  document.addEventListener("htmx:after:request", keepWhole);
  document.addEventListener("focusin", ({ target }) => target.closest("main form") && prepare());
  if (serviceWorker?.controller || document.referrer.startsWith(`${location.origin}/`)) addEventListener("load", prepare);
  document.addEventListener("htmx:before:history:update", keepAddress);
  document.addEventListener("htmx:finally:request", (event) => {
    const form = event.detail.ctx.sourceElement?.closest?.("form");
    if (form) releaseForm(form);
  });
  document.addEventListener("htmx:error", (event) => event.detail.ctx && !event.detail.ctx.response && unreachable());
  window.addEventListener("pageshow", () => [...sent].forEach(releaseForm));
  wake();
})();
