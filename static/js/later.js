// The form for a report without network: what it holds goes into the outbox of this device, under a key made here, so
// that it is one report however often it is sent. Without a service worker the form is sent as it is.
const device = await import(document.querySelector("[data-offline]").dataset.offline);

const LONGEST = 1600; // pixels: what the portal keeps of a photo
const MOST_PHOTOS = 5;
const shown = (element, on) => element && (element.hidden = !on);

export default async function start(root) {
  const form = root.querySelector("form");
  const state = { once: form.elements.once.value, photos: [], who: device.who(), at: Date.now() };
  state.once = crypto.randomUUID();
  offerPlace(root, form);
  if (!navigator.serviceWorker) return;
  const mended = new URLSearchParams(location.search).get("mend");
  const item = mended && ((await device.ask({ do: "list" })) || []).find(({ once }) => once === mended);
  if (item) fill(form, state, item);
  shown(root.querySelector("[data-guest]"), !state.who);
  shown(root.querySelector("[data-known]"), state.who);
  showPhotos(root, state);
  form.elements.photo.addEventListener("change", () => take(root, form.elements.photo, state));
  window.addEventListener("submit", (event) => { // before the document's listener, which takes a form once
    if (event.target !== form) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    keep(root, form, state);
  }, true);
}

function fill(form, state, item) {
  Object.assign(state, { once: item.once, photos: item.photos, who: item.who, at: item.at });
  shown(form.querySelector("[data-misread]"), item.errors.some(({ field }) => field === "misread"));
  for (const [name, value] of item.fields) {
    const field = form.elements[name];
    if (!field || name === "once") continue;
    if (field.type === "checkbox") field.checked = true;
    else field.value = value; // also of a row of radios
  }
}

// --- photos: made small here, so that they fit on the device and go out on a thin line

async function take(root, input, state) {
  state.photos.push(...(await Promise.all([...input.files].map(shrink))));
  input.value = "";
  showPhotos(root, state);
}

async function shrink(file) {
  try {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
    const canvas = new OffscreenCanvas(Math.round(image.width * scale), Math.round(image.height * scale));
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
  } catch {
    return file; // a kind of photo that this browser does not open; the portal may
  }
}

function showPhotos(root, state) {
  const list = root.querySelector("[data-kept]");
  list.replaceChildren(...state.photos.map((photo) => {
    const line = document.createElement("li");
    const image = Object.assign(new Image(96, 96), { src: URL.createObjectURL(photo), alt: "" });
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button plain", textContent: list.dataset.leaveOut });
    button.addEventListener("click", () => {
      state.photos.splice(state.photos.indexOf(photo), 1);
      showPhotos(root, state);
    });
    line.append(image, button);
    return line;
  }));
  shown(list, state.photos.length);
}

// --- the place: a phone knows it without network

function offerPlace(root, form) {
  const button = root.querySelector("[data-here]");
  shown(button, "geolocation" in navigator);
  const say = (known) => {
    shown(root.querySelector("[data-here-yes]"), known);
    shown(root.querySelector("[data-here-no]"), !known);
  };
  button.addEventListener("click", () => navigator.geolocation.getCurrentPosition(({ coords }) => {
    form.elements.lat.value = coords.latitude.toFixed(6);
    form.elements.lon.value = coords.longitude.toFixed(6);
    say(true);
  }, () => say(false), { enableHighAccuracy: true, timeout: 30000, maximumAge: 60000 }));
}

// --- into the outbox

function missing(form, state) {
  const empty = (name) => !form.elements[name]?.value.trim();
  const wrong = [];
  if (empty("title")) wrong.push("title");
  if (empty("place") && empty("lat")) wrong.push("place");
  if (!state.who) wrong.push(...["name", "email"].filter((name) => form.elements[name] && empty(name)));
  if (state.photos.length > MOST_PHOTOS) wrong.push("photo");
  return wrong;
}

function complain(root, wrong) {
  const box = root.querySelector("[data-wrong]");
  for (const line of box.querySelectorAll("[data-for]")) shown(line, wrong.includes(line.dataset.for));
  shown(box, wrong.length);
  if (wrong.length) box.focus();
}

async function keep(root, form, state) {
  const wrong = missing(form, state);
  complain(root, wrong);
  if (wrong.length) return;
  const left = new Set(["csrf_token", "once", "photo", ...(state.who ? ["name", "email"] : [])]);
  const fields = [...new FormData(form)].filter(([name]) => !left.has(name));
  const { once, photos, who, at } = state;
  const item = { once, kind: "report", url: form.action, title: form.elements.title.value, who, fields, photos, at };
  await device.ask({ do: "add", item });
  if (!((await device.ask({ do: "list" })) || []).some((known) => known.once === once)) return complain(root, ["full"]);
  device.ask({ do: "flush" });
  location.assign("/outbox");
}
