// Boxes over what nobody should see on a photo: drawn with a finger or a mouse, tapped, or moved with the keys.
// Without this file the parts of the photo are ticked; both send the same: box=left,top,width,height in thousandths.
const WHOLE = 1000;
const TAPPED = 160; // as large as a box is that nobody drew
const LEAST = 20;
const STEP = 20;
const CORNER = 28; // pixels from the corner by which a box is made larger
const KEYS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
const BIGGER = { ArrowLeft: "narrower", ArrowRight: "wider", ArrowUp: "lower", ArrowDown: "higher" };
const within = (value, least, most) => Math.round(Math.min(most, Math.max(least, value)));

export default function cover(form) {
  const one = (selector) => form.querySelector(selector);
  const area = one(".cover-boxes");
  const word = (name) => one(`[data-word=${name}]`).content.textContent;
  const boxes = new Map(); // button -> { left, top, width, height, input }
  let chosen = null;
  let drag = null;

  one(".cover-cells").disabled = one(".cover-cells").hidden = true;
  one("#how-to-tick").hidden = true;
  for (const part of [area, one("[data-tools]"), one("#how-to-draw")]) part.hidden = false;

  function add(left, top, width = TAPPED, height = TAPPED) {
    const button = document.createElement("button");
    const input = document.createElement("input");
    Object.assign(button, { type: "button", className: "cover-box" });
    Object.assign(input, { type: "hidden", name: "box" });
    button.setAttribute("aria-describedby", "how-to-keys");
    boxes.set(button, { left, top, width, height, input });
    area.append(button);
    form.append(input);
    number();
    place(button, {});
    choose(button);
    return button;
  }

  function number() {
    [...boxes.keys()].forEach((button, index) => {
      button.setAttribute("aria-label", word("box").replace("#", index + 1));
    });
  }

  function place(button, change) {
    const box = Object.assign(boxes.get(button), change);
    box.width = within(box.width, LEAST, WHOLE);
    box.height = within(box.height, LEAST, WHOLE);
    box.left = within(box.left, 0, WHOLE - box.width);
    box.top = within(box.top, 0, WHOLE - box.height);
    for (const side of ["left", "top", "width", "height"]) button.style[side] = `${box[side] / 10}%`;
    box.input.value = [box.left, box.top, box.width, box.height].join();
  }

  function choose(button) {
    chosen = button;
    for (const each of boxes.keys()) each.setAttribute("aria-pressed", String(each === chosen));
    one("[data-chosen]").hidden = !chosen;
  }

  function remove(button) {
    boxes.get(button).input.remove();
    boxes.delete(button);
    button.remove();
    number();
    const last = [...boxes.keys()].pop() ?? null;
    choose(last);
    (last ?? one("[data-tool=add]")).focus();
  }

  const ACTS = {
    left: (box) => ({ left: box.left - STEP }),
    right: (box) => ({ left: box.left + STEP }),
    up: (box) => ({ top: box.top - STEP }),
    down: (box) => ({ top: box.top + STEP }),
    wider: (box) => ({ width: box.width + STEP }),
    narrower: (box) => ({ width: box.width - STEP }),
    higher: (box) => ({ height: box.height + STEP }),
    lower: (box) => ({ height: box.height - STEP }),
  };

  function act(name) {
    if (name === "add") return add((WHOLE - TAPPED) / 2, (WHOLE - TAPPED) / 2).focus();
    if (!chosen) return;
    if (name === "remove") return remove(chosen);
    place(chosen, ACTS[name](boxes.get(chosen)));
    const box = boxes.get(chosen);
    const text = word("where").replace(/\{(\w+)\}/g, (_, side) => Math.round(box[side] / 10));
    one("[data-said]").textContent = `${chosen.getAttribute("aria-label")}: ${text}`;
  }

  form.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-tool]");
    if (tool) act(tool.dataset.tool);
  });
  area.addEventListener("focusin", (event) => boxes.has(event.target) && choose(event.target));
  area.addEventListener("keydown", (event) => {
    const name = event.shiftKey ? BIGGER[event.key] : KEYS[event.key];
    const removes = event.key === "Delete" || event.key === "Backspace";
    if (!boxes.has(event.target) || !(name || removes)) return;
    event.preventDefault();
    act(removes ? "remove" : name);
  });

  // --- with a finger or a mouse
  const at = (event) => {
    const { left, top, width, height } = area.getBoundingClientRect();
    return { x: ((event.clientX - left) / width) * WHOLE, y: ((event.clientY - top) / height) * WHOLE };
  };

  area.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    const start = at(event);
    const button = event.target.closest(".cover-box");
    if (button) {
      const edge = button.getBoundingClientRect();
      const corner = edge.right - event.clientX < CORNER && edge.bottom - event.clientY < CORNER;
      drag = { start, button, from: { ...boxes.get(button) }, kind: corner ? "size" : "move" };
      choose(button);
    } else {
      drag = { start, button: null, kind: "draw" };
    }
    area.setPointerCapture(event.pointerId);
  });

  area.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const { x, y } = at(event);
    const [wide, high] = [x - drag.start.x, y - drag.start.y];
    if (drag.kind === "move") place(drag.button, { left: drag.from.left + wide, top: drag.from.top + high });
    else if (drag.kind === "size") place(drag.button, { width: drag.from.width + wide, height: drag.from.height + high });
    else if (Math.max(Math.abs(wide), Math.abs(high)) > LEAST) draw(wide, high);
  });

  function draw(wide, high) {
    const { x, y } = drag.start;
    const left = Math.max(0, Math.min(x, x + wide));
    const top = Math.max(0, Math.min(y, y + high));
    const width = Math.min(WHOLE, Math.max(x, x + wide)) - left;
    const height = Math.min(WHOLE, Math.max(y, y + high)) - top;
    drag.button ??= add(left, top, width, height);
    place(drag.button, { left, top, width, height });
  }

  area.addEventListener("pointerup", () => {
    if (drag && !drag.button) add(drag.start.x - TAPPED / 2, drag.start.y - TAPPED / 2); // a tap
    drag = null;
  });
  area.addEventListener("pointercancel", () => (drag = null));
}
