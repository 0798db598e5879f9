// What axe does not measure. Each returns sentences about what is wrong on the page as it stands.
window.instruments = (() => {
  "use strict";
  const INTERACTIVE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0'], [role=button]";
  const name = (element) => {
    const id = element.id ? `#${element.id}` : "";
    const kind = typeof element.className === "string" && element.className ? `.${element.className.trim().split(/\s+/).join(".")}` : "";
    return `${element.tagName.toLowerCase()}${id}${kind} "${(element.innerText || element.value || "").trim().slice(0, 30)}"`;
  };
  const style = (element) => getComputedStyle(element);
  const shown = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0 && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };
  const forEyes = (element) => shown(element) && !element.closest(".unseen, .skip");
  const every = (selector) => [...document.querySelectorAll(selector)].filter(forEyes);

  // --- the page scrolls in one direction only (1.4.10), also with more space between letters (1.4.12)
  function wide() {
    const page = document.scrollingElement;
    if (page.scrollWidth <= page.clientWidth) return [];
    const scrolls = (element) => element && (style(element).overflowX !== "visible" || scrolls(element.parentElement));
    const out = every("body *").filter((e) => e.getBoundingClientRect().right > page.clientWidth + 0.5);
    const culprits = out.filter((e) => !out.includes(e.parentElement) && !scrolls(e.parentElement));
    return [`${page.scrollWidth} px wide on a screen of ${page.clientWidth}: ${culprits.slice(0, 3).map(name).join(", ")}`];
  }

  // --- no words are cut off; dots at the end of a line, or a number of lines, are meant
  function cut() {
    const hides = (way) => way === "hidden" || way === "clip";
    const meant = (s) => s.textOverflow === "ellipsis" || s.webkitLineClamp !== "none";
    const over = (e) => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1;
    return [...document.querySelectorAll("body *")].filter(over).filter((e) => {
      const s = style(e);
      const forEars = s.clipPath === "inset(50%)"; // there to be read aloud, and seen by nobody
      if (meant(s) || forEars || e.closest("svg, .leaflet-container, .unseen, .skip")) return false;
      const lost = (hides(s.overflowX) && e.scrollWidth > e.clientWidth + 1) || (hides(s.overflowY) && e.scrollHeight > e.clientHeight + 1);
      return lost && shown(e) && e.innerText.trim();
    }).map((e) => `cut off: ${name(e)}`);
  }

  function spacing() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }");
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }
  const normal = () => { document.adoptedStyleSheets = []; };

  // --- room for a finger: 24 px, or a circle of 24 px that meets no other (2.5.8); the main acts 44 px (2.5.5)
  const part = (element) => (element.matches("input[type=checkbox], input[type=radio], input[type=file]") && element.closest("label")) || element;
  function inLine(element) {
    if (style(element).display !== "inline") return false;
    const block = element.parentElement;
    return [...block.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) || style(block).display === "inline";
  }
  function small() {
    const targets = [...new Set(every(INTERACTIVE).map(part))];
    const box = new Map(targets.map((e) => [e, e.getBoundingClientRect()]));
    const under = targets.filter((e) => !inLine(e) && (box.get(e).width < 24 || box.get(e).height < 24));
    const middle = ({ left, top, width, height }) => [left + width / 2, top + height / 2];
    const meets = (e) => targets.some((other) => {
      if (other === e || other.contains(e) || e.contains(other)) return false;
      const [x, y] = middle(box.get(e));
      const { left, right, top, bottom } = box.get(other);
      const [dx, dy] = [Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom)];
      return Math.hypot(dx, dy) < 12;
    });
    const size = (e) => `${Math.round(box.get(e).width)} × ${Math.round(box.get(e).height)}`;
    const box24 = (e) => e.matches("input[type=checkbox], input[type=radio]"); // its label is pressed as well
    const acts = targets.filter((e) => !box24(e) && e.matches(".button, .bottom-bar a, .icon-link, .choice, input, select, textarea"));
    const low = acts.filter((e) => !inLine(e) && (box.get(e).height < 43.5 || box.get(e).width < 43.5));
    return [
      ...under.filter(meets).map((e) => `too small for a finger: ${name(e)} ${size(e)}`),
      ...low.map((e) => `a main act under 44 px: ${name(e)} ${size(e)}`),
    ];
  }

  // --- nothing moves for who asked for rest (2.3.3)
  function moving() {
    const long = (times) => times.split(",").some((time) => parseFloat(time) > 0.02);
    const moves = (s) => (s.animationName !== "none" && long(s.animationDuration)) || (s.transitionProperty !== "none" && long(s.transitionDuration));
    return [...document.querySelectorAll("body *")].filter((e) => moves(style(e)) && shown(e)).slice(0, 5).map((e) => `moves: ${name(e)}`);
  }

  // --- where the keyboard is, can be seen (2.4.7) and is not behind a bar (2.4.11)
  function focused() {
    const element = document.activeElement;
    if (!element || element === document.body || element === document.documentElement) return { at: "", wrong: [] };
    const seen = part(element);
    const { left, top, right, bottom } = seen.getBoundingClientRect();
    const wrong = [];
    const ring = (e) => style(e).outlineStyle !== "none" && parseFloat(style(e).outlineWidth) >= 1;
    const drawn = (e) => getComputedStyle(e, "::after").borderTopStyle === "solid" && parseFloat(getComputedStyle(e, "::after").borderTopWidth) >= 2;
    const around = [element, seen, element.parentElement, element.closest(".card"), element.closest("li")];
    if (!around.filter(Boolean).some(ring) && !drawn(element)) wrong.push(`no ring: ${name(element)}`);
    const inside = (x, y) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;
    const spots = [0.1, 0.5, 0.9].flatMap((x) => [0.1, 0.5, 0.9].map((y) => [left + x * (right - left), top + y * (bottom - top)]));
    const free = ([x, y]) => {
      const there = inside(x, y) && document.elementFromPoint(x, y);
      return there && (seen.contains(there) || there.contains(seen));
    };
    if (!spots.some(free)) wrong.push(`behind something: ${name(element)}`);
    window.walked ??= new Map();
    if (!window.walked.has(element)) window.walked.set(element, window.walked.size);
    return { at: String(window.walked.get(element)), wrong, top: Math.round(top + scrollY), name: name(element) };
  }

  // --- what the Tab key did not reach; of a group of radio buttons it reaches one
  function unreached() {
    const all = every(INTERACTIVE).filter((e) => !e.disabled && e.tabIndex >= 0 && e.type !== "radio");
    return all.filter((e) => !window.walked?.has(e)).map((e) => `not reached: ${name(e)}`);
  }

  // --- what a screen reader meets first: one heading of level one, a title, a place for messages
  function skeleton() {
    const wrong = [];
    if (document.documentElement.matches(".picking")) return wrong; // stands in a frame of another page
    const count = (selector, wanted) => {
      const found = [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility()).length;
      if (found !== wanted) wrong.push(`${found} × ${selector}`);
    };
    count("h1", 1);
    count("main", 1);
    count("footer.foot", 1);
    if (!document.querySelector("#flash[role=status]")) wrong.push("no #flash with role=status");
    if (document.title.split(" · ").length < 2 || document.title.startsWith(" ·")) wrong.push(`title: ${document.title}`);
    for (const swapped of document.querySelectorAll("[data-hx-target]")) {
      const target = swapped.dataset.hxTarget;
      if (target.startsWith("#") && !document.querySelector(target)) wrong.push(`swaps ${target}, which is not here`);
    }
    return wrong;
  }

  // --- words on whose colours nobody looked yet: what stands in the same parts and is drawn alike is looked at once
  function unlooked(theme) {
    const kept = `${theme} ${document.documentElement.lang}`;
    const known = new Set(JSON.parse(sessionStorage.getItem(kept) ?? "[]"));
    const paths = new Map([[document, ""]]);
    const path = (e) => {
      if (!paths.has(e)) paths.set(e, `${path(e.parentNode)} ${e.tagName}.${e.getAttribute("class") ?? ""}`);
      return paths.get(e);
    };
    const speaks = (e) => [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim()) || e.matches("input, select, textarea");
    const found = [...document.body.querySelectorAll("*")].filter(speaks).filter((e) => {
      const s = style(e);
      const drawn = [path(e), s.color, s.backgroundColor, s.opacity, s.fontSize, s.fontWeight].join();
      return !known.has(drawn) && known.add(drawn);
    });
    sessionStorage.setItem(kept, JSON.stringify([...known]));
    return found;
  }

  // --- what axe says of the page, or (with a theme) of the words that nobody looked at in it yet
  async function broken(theme, options) {
    const within = theme ? { include: unlooked(theme) } : document;
    if (theme && !within.include.length) return [];
    const { violations } = await axe.run(within, { resultTypes: ["violations"], preload: false, iframes: false, ...options });
    return violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target[0]).join(", ")}`);
  }

  return { broken, wide, cut, spacing, normal, small, moving, focused, unreached, skeleton };
})();
