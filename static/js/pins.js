// Pins and groups on the map, and what opens at them. The shape says the kind, the sign and colour the state.
const SIGNS = {
  open: "lamp", gathering: "people", handed_over: "clock", answered: "say", done: "check", solved: "check",
  withdrawn: "close",
};
const CLOSER = 2;

export default function pins(map, stage, words, looked) {
  const plural = new Intl.PluralRules(document.documentElement.lang);
  const shown = new Map();
  const layer = L.layerGroup().addTo(map);
  const said = (forms, number) => {
    const form = forms[plural.select(number)] || forms.other;
    return form.replace("{}", number.toLocaleString(document.documentElement.lang));
  };

  function show({ groups }) {
    const fresh = new Map(groups.map((group) => [JSON.stringify(group), group]));
    for (const [key, marker] of shown) {
      if (fresh.has(key)) continue;
      if (marker.getElement() === document.activeElement) stage.focus({ preventScroll: true });
      marker.remove();
      shown.delete(key);
    }
    for (const [key, group] of fresh) if (!shown.has(key)) shown.set(key, add(group));
  }

  function add([lat, lon, number, told]) {
    const one = number === 1 && told[0];
    const marker = L.marker([lat, lon], { icon: one ? pin(one) : ring(number), riseOnHover: true }).addTo(layer);
    const act = told.length ? () => marker.openPopup() : () => nearer(lat, lon);
    name(marker, one ? title(one) : said(words.dossiers, number), act);
    if (told.length) marker.bindPopup(() => cards(told), { minWidth: 200, maxWidth: 300, autoPanPaddingTopLeft: [12, 72], autoPanPaddingBottomRight: [12, 12] });
    else marker.on("click", act);
    return marker;
  }

  function nearer(lat, lon) {
    const zoom = map.getZoom();
    if (zoom >= map.getMaxZoom()) return document.getElementById("maps-list").scrollIntoView();
    looked();
    map.setView([lat, lon], Math.min(map.getMaxZoom(), zoom + CLOSER));
  }

  // --- what they look like
  function pin([, kind, state]) {
    return L.divIcon({
      className: `map-pin ${kind} ${state}`,
      html: sign(SIGNS[state] || "info"),
      iconSize: [36, 36],
      iconAnchor: kind === "issue" ? [18, 42] : [18, 18],
      popupAnchor: [0, kind === "issue" ? -38 : -16],
    });
  }

  function ring(number) {
    const size = 40 + 8 * Math.min(3, Math.floor(Math.log10(number)));
    const html = document.createElement("span");
    html.textContent = short(number);
    return L.divIcon({ className: "map-group", html, iconSize: [size, size] });
  }

  const short = (number) =>
    new Intl.NumberFormat(document.documentElement.lang, { notation: "compact", maximumFractionDigits: 1 }).format(number);

  function sign(id) {
    const space = "http://www.w3.org/2000/svg";
    const drawing = document.createElementNS(space, "svg");
    drawing.setAttribute("class", "icon");
    drawing.setAttribute("aria-hidden", "true");
    drawing.append(document.createElementNS(space, "use"));
    drawing.firstChild.setAttribute("href", `${stage.dataset.icons}#${id}`);
    return drawing;
  }

  const title = ([ref, kind, state, text]) => `${words.kinds[kind]} ${ref}: ${text}, ${words.states[state]}`;

  function name(marker, text, act) {
    const element = marker.getElement();
    element.setAttribute("aria-label", text);
    element.setAttribute("role", "button");
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      act();
    });
  }

  // --- what opens at them
  function cards(told) {
    const list = make("ul", "map-cards");
    for (const [ref, kind, state, text, language, supporters] of told) {
      const card = make("li");
      const head = make("p", "row");
      head.append(make("span", "plate", `${words.kinds[kind]} ${ref}`), made(make("span", "state"), sign(SIGNS[state]), words.states[state]));
      const link = make("a", "", text);
      link.href = `/d/${ref}`;
      link.lang = language;
      card.append(head, made(make("p", "title"), link), made(make("p", "meta"), make("span", "lamps", said(words.supporters, supporters))));
      list.append(card);
    }
    return list;
  }

  function make(tag, className = "", text = "") {
    return Object.assign(document.createElement(tag), className ? { className } : {}, text ? { textContent: text } : {});
  }

  function made(element, ...children) {
    element.append(...children);
    return element;
  }

  // --- the keyboard: Enter opens, the focus goes in; Escape closes, and it goes back
  map.on("popupopen", ({ popup }) => {
    const element = popup.getElement();
    const close = element.querySelector(".leaflet-popup-close-button");
    close.setAttribute("aria-label", words.close);
    element.setAttribute("role", "dialog");
    element.setAttribute("aria-label", popup._source.getElement().getAttribute("aria-label"));
    element.querySelector(".title a").focus({ preventScroll: true });
  });
  map.on("popupclose", ({ popup }) => {
    const inside = popup.getElement()?.contains(document.activeElement);
    if (inside) popup._source.getElement()?.focus({ preventScroll: true });
  });
  stage.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    map.closePopup();
  });
  return show;
}
