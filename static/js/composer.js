// An answer that is being written. Ctrl+Enter (or Command+Enter) goes one step on: to see it as neighbours will, and then
// to place it. It works while one types, where letters alone do nothing.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.altKey || event.repeat) return;
  const button = document.querySelector("#write [data-ctrl-enter], form.choose [data-ctrl-enter]");
  if (!button) return;
  event.preventDefault();
  button.click();
});

// --- another kind, or a template, brings all fields anew: what is typed or chosen while they are on their way stays
const PLACE = "answers-composer";
const FIELDS = "textarea, select:not([name=template]), input:not([type=hidden], [type=file])";
const onTheirWay = new WeakMap(); // a request -> what stood in the fields when it left, then what came in since
let caret = {};

const written = () => [...document.querySelectorAll(`#${PLACE} form.compose :is(${FIELDS})`)];
const isTicked = ({ type }) => type === "radio" || type === "checkbox";
const nameOf = (field) => (isTicked(field) ? `${field.name}=${field.value}` : field.name);
const stateOf = (field) => (isTicked(field) ? field.checked : field.value);
const states = () => Object.fromEntries(written().map((field) => [nameOf(field), stateOf(field)]));

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (ctx.target?.id === PLACE) onTheirWay.set(ctx, states());
});
document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  const then = onTheirWay.get(ctx);
  if (!then) return;
  const { name, selectionStart, selectionEnd } = document.activeElement;
  caret = { name, selectionStart, selectionEnd };
  onTheirWay.set(ctx, Object.fromEntries(Object.entries(states()).filter(([name, state]) => state !== then[name])));
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const since = onTheirWay.get(ctx) ?? {};
  onTheirWay.delete(ctx);
  for (const field of written()) {
    const state = since[nameOf(field)];
    if (state === undefined || state === stateOf(field) || (field.type === "radio" && !state)) continue;
    const { selectionStart, selectionEnd } = caret;
    if (isTicked(field)) field.checked = state;
    else field.value = state;
    if (field === document.activeElement && caret.name === field.name && !isTicked(field)) Object.assign(field, { selectionStart, selectionEnd });
    field.dispatchEvent(new Event("input", { bubbles: true })); // it is kept like all that is typed
    field.dispatchEvent(new Event("change", { bubbles: true })); // another kind asks for its own fields again
  }
});

export default () => {};
