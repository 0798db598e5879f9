// Ctrl+Enter (or Command+Enter) goes one step on in an answer that is being written: to see it as neighbours will, and
// then to place it. It works while one types, where letters alone do nothing.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.altKey || event.repeat) return;
  const button = document.querySelector("#write [data-ctrl-enter], form.choose [data-ctrl-enter]");
  if (!button) return;
  event.preventDefault();
  button.click();
});

export default () => {};
