// An answer that is being written. Ctrl+Enter (or Command+Enter) goes one step on: to see it as neighbours will, and then
// to place it. It works while one types, where letters alone do nothing.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.altKey || event.repeat) return;
  const button = document.querySelector("#write [data-ctrl-enter], form.choose [data-ctrl-enter]");
  if (!button) return;
  event.preventDefault();
  button.click();
});

// --- another kind, or a template, brings all fields anew: what is typed while they are on their way stays
const PLACE = "answers-composer";
const onTheirWay = new WeakMap(); // a request -> what stood in the fields when it left, then what came in since
let caret = {};

const written = () => document.querySelectorAll(`#${PLACE} form.compose :is(textarea, input:not([type=hidden], [type=radio], [type=checkbox], [type=file]))`);
const values = () => Object.fromEntries([...written()].map((field) => [field.name, field.value]));

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (ctx.target?.id === PLACE) onTheirWay.set(ctx, values());
});
document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  const then = onTheirWay.get(ctx);
  if (!then) return;
  const { name, selectionStart, selectionEnd } = document.activeElement;
  caret = { name, selectionStart, selectionEnd };
  onTheirWay.set(ctx, Object.fromEntries(Object.entries(values()).filter(([name, value]) => value !== then[name])));
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const since = onTheirWay.get(ctx) ?? {};
  onTheirWay.delete(ctx);
  for (const field of written()) {
    if (!(field.name in since)) continue;
    const { selectionStart, selectionEnd } = caret;
    field.value = since[field.name];
    if (field === document.activeElement && caret.name === field.name) Object.assign(field, { selectionStart, selectionEnd });
    field.dispatchEvent(new Event("input", { bubbles: true })); // it is kept like all that is typed
  }
});

export default () => {};
