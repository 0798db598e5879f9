// The desks by keyboard: j and k through the list, Enter opens beside it, the rest as its help sheet says.
// Fetched only on the pages of the desks. A letter alone does nothing while somebody types, and all of it can be
// switched off (WCAG 2.1.4). On a screen that is too narrow for two columns a link stays a link.
const WIDE = matchMedia("(min-width: 64rem)");
const sheet = () => document.querySelector("[data-pane-id]");
const isOn = () => localStorage.getItem("keys") !== "off";
const items = () => [...document.querySelectorAll("a[data-pane]:not([data-key])")].filter((a) => a.checkVisibility());
let before = "";

function show(root) {
  root.hidden = false;
  const box = root.querySelector("[data-keys-on]");
  box.checked = isOn();
  box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "on" : "off"));
}

// --- the list: from where the focus is, or from what is open
function step(by) {
  const all = items();
  if (!all.length) return;
  const here = document.activeElement.closest?.("li")?.querySelector("a[data-pane]");
  const at = all.findIndex((a) => (all.includes(here) ? a === here : a.ariaCurrent === "true"));
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
  next.focus();
  next.closest("li").scrollIntoView({ block: "nearest" });
}

// --- beside the list: only the pane is fetched, the address goes along, the back button goes back
let opened = null;

async function open(link) {
  const { pane, key } = link.dataset;
  const headers = { "HX-Target": `div#${pane}` };
  await window.htmx.ajax("GET", link.href, { target: `#${pane}`, swap: "outerHTML", push: "true", headers });
  for (const a of items()) a.ariaCurrent = a.href === link.href ? "true" : null;
  document.querySelector(".work").classList.toggle("open", !key);
  if (key) return (opened?.isConnected ? opened : items()[0])?.focus(); // closed: back to where one was
  opened = link;
  document.querySelector(`#${pane} :is(h1, h2)[tabindex]`)?.focus();
}

// --- keys: data-key="x" is pressed or focused, data-key="g h" is two in a row; on a field's frame, the field.
// What is open beside the list goes before the list.
function press(key) {
  const keyed = `[data-key="${CSS.escape(key)}"]`;
  const found = document.getElementById(sheet().dataset.paneId)?.querySelector(keyed) ?? document.querySelector(keyed);
  if (!found) return false;
  if (found.matches("input")) found.focus();
  else if (found.matches("div")) reach(found);
  else found.click();
  return true;
}

function reach(field) {
  const folded = field.closest("details");
  if (folded) folded.open = true;
  field.querySelector("input, select, textarea")?.focus();
}

function tick() {
  const box = document.activeElement.closest?.("li")?.querySelector("input[type=checkbox]");
  box?.click();
  return Boolean(box);
}

function answer() {
  const part = document.getElementById("write");
  part?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  return Boolean(part);
}

function act(key) {
  if (key === "j" || key === "k") return step(key === "j" ? 1 : -1), true;
  if (key === "?") return document.getElementById("keys").togglePopover(), true;
  if (key === "x") return tick();
  if (key === "a") return answer();
  return press(key);
}

function typing(target) {
  return target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog[open]");
}

document.addEventListener("keydown", (event) => {
  if (!sheet() || !isOn() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const key = before === "g" ? `g ${event.key}` : event.key;
  before = event.key === "g" && before !== "g" ? "g" : "";
  if (!before && act(key)) event.preventDefault();
});

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest?.("a[data-pane]");
    if (!link || !WIDE.matches || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    if (!document.getElementById(link.dataset.pane)) return;
    event.preventDefault();
    event.stopPropagation();
    open(link);
  },
  true,
);

export default show;
