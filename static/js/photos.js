// The photos of a report: each is made smaller on the device, sent by itself, and tried again when that failed.
// The server decides, also about what nobody can read here. What is said to people stands in the page.
const LONGEST = 1600; // pixels: more than this is not kept
const QUALITY = 0.85;
const LIGHT = 300_000; // bytes: less than this is sent as it is
const NOTED = 1 << 20; // bytes from the beginning in which a camera writes where and when

export default function photos(form) {
  const words = form.querySelector("[data-words]").content;
  const said = (name) => words.querySelector(`[data-word=${name}]`).textContent;
  const list = form.querySelector("[data-sending]");
  const status = form.querySelector("[data-wait]");
  const waiting = [];
  let busy = false;
  let pressed = null;

  form.addEventListener("change", (event) => event.target.type === "file" && take(event.target));

  function take(input) {
    for (const file of input.files) add(file);
    input.value = "";
    next();
  }

  // A button pressed while photos are on their way waits for them.
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button:not([type=button])");
    if (!button || !busy) return;
    event.preventDefault();
    pressed = button;
    status.textContent = said("wait");
  });

  function add(file) {
    const row = words.querySelector("li").cloneNode(true);
    row.querySelector("[data-name]").textContent = file.name;
    row.querySelector("progress").setAttribute("aria-label", file.name);
    list.append(row);
    list.hidden = false;
    const item = { file, row };
    row.querySelector("[data-again]").addEventListener("click", () => {
      show(item, "");
      waiting.push(item);
      next();
    });
    row.querySelector("[data-leave]").addEventListener("click", () => leave(item));
    waiting.push(item);
  }

  function show(item, text, { failed = false, again = false } = {}) {
    item.row.querySelector("[data-said]").textContent = text;
    item.row.classList.toggle("failed", failed);
    item.row.querySelector("[data-again]").hidden = !again;
    item.row.querySelector("[data-leave]").hidden = !failed;
  }

  function leave(item) {
    item.row.remove();
    list.hidden = !list.children.length;
    form.querySelector("[type=file]")?.focus();
  }

  async function next() {
    if (busy) return;
    busy = true;
    while (waiting.length) await handle(waiting.shift());
    busy = false;
    status.textContent = "";
    const button = pressed;
    pressed = null;
    if (button && !list.children.length) button.click(); // else somebody first has to look at what went wrong
  }

  async function handle(item) {
    show(item, said("shrinking"));
    item.small ??= await shrink(item.file);
    if (item.small.blob.size > Number(form.dataset.mostBytes)) return show(item, said("heavy"), { failed: true });
    show(item, said("sending"));
    const answer = await send(item);
    if (!answer) return show(item, said("failed"), { failed: true, again: true });
    const page = new DOMParser().parseFromString(answer.text, "text/html");
    const part = page.getElementById("issues-photos");
    if (answer.status === 200 && part) {
      put(part);
      leave(item);
    } else {
      const why = page.querySelector(".error span, .message p")?.textContent;
      show(item, why || said("failed"), { failed: true, again: answer.status >= 500 });
    }
  }

  function send(item) {
    const body = new FormData(form);
    body.delete("photo");
    body.append("photo", item.small.blob, item.file.name);
    for (const [name, value] of Object.entries(item.small.told)) body.set(`photo_${name}`, value);
    return new Promise((resolve) => {
      const request = new XMLHttpRequest(); // fetch does not tell how far an upload is
      const bar = item.row.querySelector("progress");
      request.upload.onprogress = (event) => (bar.value = (100 * event.loaded) / event.total);
      request.onload = () => resolve({ status: request.status, text: request.responseText });
      request.onerror = request.onabort = () => resolve(null);
      request.open("POST", form.getAttribute("action"));
      request.setRequestHeader("HX-Request-Type", "partial");
      request.setRequestHeader("HX-Target", "div#issues-photos");
      request.send(body);
    });
  }

  const chosen = form.querySelector("[type=file]");
  if (chosen?.files.length) take(chosen); // before this script arrived

  // The newer list, with what was typed in the meantime, and the cursor where it was.
  function put(part) {
    const old = form.querySelector("#issues-photos");
    const { id, selectionStart } = document.activeElement ?? {};
    for (const box of old.querySelectorAll("textarea")) {
      const same = part.querySelector(`#${box.id}`);
      if (same) same.value = box.value;
    }
    const held = old.contains(document.activeElement);
    const fresh = document.adoptNode(part);
    old.replaceWith(fresh);
    const box = held && id ? fresh.querySelector(`#${id}`) : null;
    box?.focus({ preventScroll: true });
    if (box?.setSelectionRange && selectionStart !== null && box.type === "textarea") {
      box.setSelectionRange(selectionStart, selectionStart);
    }
  }
}

// What is sent instead of the file, and what its camera wrote down, which is gone from the smaller one.
async function shrink(file) {
  if (file.size <= LIGHT) return { blob: file, told: {} };
  try {
    const told = read(new Uint8Array(await file.slice(0, NOTED).arrayBuffer()));
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const brush = canvas.getContext("2d");
    brush.imageSmoothingQuality = "high";
    brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = (await drawn(canvas, "image/webp")) ?? (await drawn(canvas, "image/jpeg"));
    if (blob && blob.size < file.size) return { blob, told };
  } catch {
    // A file that this device cannot read, such as a HEIC on most: the server can, or says why it cannot.
  }
  return { blob: file, told: {} };
}

// A browser that cannot write this kind writes another one.
const drawn = (canvas, type) =>
  new Promise((resolve) => canvas.toBlob((blob) => resolve(blob?.type === type ? blob : null), type, QUALITY));

// --- where and when, from the notes of the camera (Exif, in JPEG, PNG, WebP and HEIC)

export function read(bytes) {
  const start = find(bytes);
  if (start < 0) return {};
  try {
    return place(new DataView(bytes.buffer, bytes.byteOffset + start, bytes.length - start));
  } catch {
    return {}; // notes that lead outside the file are none
  }
}

function find(bytes) {
  const is = (at, text) => [...text].every((letter, index) => bytes[at + index] === letter.charCodeAt(0));
  for (let at = 0; at < bytes.length - 12; at++) {
    if ((bytes[at] !== 69 || !is(at, "Exif\0\0")) && (bytes[at] !== 101 || !is(at, "eXIf"))) continue;
    const start = at + (bytes[at] === 69 ? 6 : 4);
    if (is(start, "II*\0") || is(start, "MM\0*")) return start;
  }
  return -1;
}

function place(view) {
  const little = view.getUint16(0) === 0x4949;
  const short = (at) => view.getUint16(at, little);
  const long = (at) => view.getUint32(at, little);
  const tags = (at) => {
    const found = new Map();
    for (let n = 0; at && n < short(at); n++) found.set(short(at + 2 + 12 * n), at + 2 + 12 * n);
    return found;
  };
  const letters = (at, from, most) => {
    const start = from ?? (long(at + 4) > 4 ? long(at + 8) : at + 8);
    const size = Math.min(most, long(at + 4));
    return String.fromCharCode(...Array.from({ length: size }, (_, n) => view.getUint8(start + n)));
  };
  const degrees = (at, side) => {
    const from = long(at + 8);
    const part = (n) => long(from + 8 * n) / (long(from + 8 * n + 4) || 1);
    const sum = part(0) + part(1) / 60 + part(2) / 3600;
    return /[SW]/.test(letters(side, null, 1)) ? -sum : sum;
  };
  const top = tags(long(4));
  const below = (tag) => (top.has(tag) ? tags(long(top.get(tag) + 8)) : new Map());
  const gps = below(0x8825);
  const told = {};
  if ([1, 2, 3, 4].every((tag) => gps.has(tag))) {
    told.lat = degrees(gps.get(2), gps.get(1)).toFixed(6);
    told.lon = degrees(gps.get(4), gps.get(3)).toFixed(6);
  }
  const taken = below(0x8769).get(0x9003);
  if (taken) {
    const [day, hour] = letters(taken, null, 19).split(" ");
    told.taken = `${day.replaceAll(":", "-")}T${hour}`;
  }
  return told;
}
