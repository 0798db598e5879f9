// A form of the report: how many characters are left, and what was typed, kept on this device until the server has it.
// Only words and choices are kept: no photo, no name and no address, for a week at most.

const PLACE = "rotonde-report";
const WEEK = 7 * 24 * 3600 * 1000;
const NEVER = new Set(["name", "email", "once", "csrf_token", "suggest", "search"]);
const KINDS = new Set(["text", "search", "textarea", "select-one", "radio", "checkbox"]);

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE)) || {};
    return Object.fromEntries(Object.entries(kept).filter(([, one]) => Date.now() - one.at < WEEK));
  } catch {
    return {}; // this browser keeps nothing
  }
}

function write(kept) {
  try {
    if (Object.keys(kept).length) localStorage.setItem(PLACE, JSON.stringify(kept));
    else localStorage.removeItem(PLACE);
  } catch {
    // full, or not allowed: the server keeps it when the step is sent
  }
}

const fields = (form) => [...form.elements].filter((f) => f.name && KINDS.has(f.type) && !NEVER.has(f.name));
const isChosen = (field) => !["radio", "checkbox"].includes(field.type) || field.checked;
const filledIn = (form) => Object.fromEntries(fields(form).filter(isChosen).map((f) => [f.name, f.value]));

// Puts back what was typed; says whether that changed anything.
function fill(form, said) {
  let changed = false;
  for (const field of fields(form)) {
    if (!(field.name in said) || said[field.name] === "") continue;
    if (["radio", "checkbox"].includes(field.type)) {
      const chosen = said[field.name] === field.value;
      changed ||= chosen !== field.checked;
      field.checked = chosen;
    } else if (field.value !== said[field.name]) {
      field.value = said[field.name];
      changed = true;
    }
  }
  return changed;
}

function keep(form) {
  const step = form.dataset.keep;
  const before = read();
  const known = before[step];
  // what the server saved afterwards is newer; where it knows nothing (another session), this is all there is
  if (known && (known.since === form.dataset.since || !form.dataset.since)) {
    if (fill(form, known.said)) {
      form.querySelector("[data-kept]").hidden = false;
      form.querySelector("textarea")?.dispatchEvent(new Event("input", { bubbles: true }));
    }
  } else {
    delete before[step];
    write(before);
  }
  let waiting = 0;
  const save = () => {
    if (form.isConnected) write({ ...read(), [step]: { at: Date.now(), since: form.dataset.since, said: filledIn(form) } });
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(save, 250);
  });
  form.addEventListener("submit", save);
  form.addEventListener("htmx:after:swap", () => {
    const saved = form.querySelector("[data-saved]")?.dataset.saved;
    if (saved) form.dataset.since = saved;
  });
  form.querySelector("[data-kept] button").addEventListener("click", () => {
    write({});
    for (const field of fields(form)) {
      if (["radio", "checkbox"].includes(field.type)) field.checked = field.defaultChecked;
      else field.value = field.type === "select-one" ? "" : field.defaultValue;
    }
    form.querySelector("[data-kept]").hidden = true;
    form.querySelector("input:not([type=hidden]), textarea")?.focus();
  });
}

function count(line) {
  const field = document.getElementById(line.dataset.countOf);
  const most = Number(field.dataset.most);
  const told = line.querySelector("output");
  const tell = () => {
    const left = most - [...field.value].length;
    told.textContent = left;
    line.classList.toggle("error", left < 0);
  };
  told.setAttribute("aria-live", "off"); // a number at every letter is too much to hear; the form says what is wrong
  line.hidden = false;
  field.addEventListener("input", tell);
  tell();
}

export default function (form) {
  if ("forget" in form.dataset) {
    if (form.matches("form")) form.addEventListener("submit", () => write({}));
    else write({});
    return;
  }
  for (const part of form.querySelectorAll("[data-without-script]")) part.hidden = true;
  for (const line of form.querySelectorAll("[data-count-of]")) count(line);
  if (form.dataset.keep) keep(form);
}
