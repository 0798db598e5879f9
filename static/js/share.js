// Pressed: hand the address to another app, or copy it. What it says to people stands in the button.
export default async function share(button) {
  const { copy, title, url } = button.dataset;
  if (!copy) return navigator.share({ title, url }).catch(changedTheirMind);
  await navigator.clipboard.writeText(copy);
  const [before, done] = button.querySelectorAll("span");
  const show = (isDone) => {
    before.hidden = isDone;
    done.hidden = !isDone;
  };
  show(true);
  setTimeout(() => show(false), 4000);
}

function changedTheirMind(error) {
  if (error.name !== "AbortError") throw error;
}
