// The map that moves. It begins where the drawing of the server stands, and gives way to it when it cannot be had.
// What it says to people stands in the page (data-words), in their language.
const COLUMNS = 2; // a cell is a quarter of a tile wide: as in portal/places/grid.py
const FINE = 100000;
const PAUSE = 150;

export default async function start(element) {
  const given = element.dataset;
  const words = JSON.parse(given.words);
  try {
    await Promise.all([styles(given.styles.split(" ")), library(given.leaflet)]);
  } catch {
    element.dispatchEvent(new CustomEvent("map:missing", { bubbles: true }));
    return;
  }
  if (!element.isConnected) return;
  const map = open(element, words);
  paper(map, given, words);
  land(map, given.land);
  element.rotonde = map;
  element.dispatchEvent(new CustomEvent("map:open", { bubbles: true, detail: { map, words } }));
}

function library(src) {
  if (window.L) return Promise.resolve();
  return loaded("script", { src });
}

function styles(addresses) {
  const missing = addresses.filter((href) => !document.querySelector(`link[href="${CSS.escape(href)}"]`));
  return Promise.all(missing.reverse().map((href) => loaded("link", { rel: "stylesheet", href })));
}

function loaded(kind, given) {
  // What comes first on the page gives way: Leaflet's styles to ours.
  return new Promise((done, failed) => {
    const node = Object.assign(document.createElement(kind), given);
    node.addEventListener("load", done);
    node.addEventListener("error", failed);
    document.head.prepend(node);
  });
}

function open(element, words) {
  const { lat, lon, zoom, tone } = element.dataset;
  element.replaceChildren();
  element.hidden = false;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(element, {
    center: [lat, lon],
    zoom,
    minZoom: 9,
    maxZoom: 20,
    zoomControl: false,
    keyboardPanDelta: tone === "pick" ? 30 : 80,
    zoomAnimation: !still,
    fadeAnimation: !still,
    markerZoomAnimation: !still,
    inertia: !still,
  });
  L.control.zoom({ position: "bottomleft", zoomInTitle: words.nearer, zoomOutTitle: words.farther }).addTo(map);
  element.classList.add("bare");
  element.setAttribute("role", "application");
  element.setAttribute("aria-label", words.map);
  return map;
}

// --- what lies under it: tiles when there are any, else outlines and names of our own
function paper(map, given, words) {
  map.attributionControl.setPrefix(false);
  map.attributionControl.addAttribution(words.outlines);
  if (!given.tiles) return;
  const tiles = L.tileLayer(given.tiles, { maxZoom: 20, maxNativeZoom: 19, attribution: given.credit, alt: "" });
  tiles.on("tileload", () => map.getContainer().classList.remove("bare"));
  tiles.addTo(map);
}

function land(map, address) {
  const layer = L.layerGroup().addTo(map);
  let last = "";
  const draw = async () => {
    const asked = `${address}?${new URLSearchParams(seen(map, 8))}`;
    if (asked === last) return;
    last = asked;
    const found = await answer(asked);
    if (!found || asked !== last) return;
    layer.clearLayers();
    for (const area of found.areas) outline(area).addTo(layer);
    for (const [lat, lon, name, area] of found.names) label(lat, lon, name, area).addTo(layer);
    map.fire("land", found);
  };
  map.on("moveend", draw);
  draw();
}

function outline(area) {
  const className = area.own ? "map-area own" : "map-area";
  return L.polygon(area.lines.map(unpacked), { className, interactive: false, stroke: true });
}

function unpacked(numbers) {
  const points = [];
  let lat = 0;
  let lon = 0;
  for (let i = 0; i < numbers.length; i += 2) {
    lat += numbers[i];
    lon += numbers[i + 1];
    points.push([lat / FINE, lon / FINE]);
  }
  return points;
}

function label(lat, lon, name, area) {
  const className = area ? "map-name area" : "map-name";
  const html = document.createElement("span");
  html.textContent = name.replaceAll("/", "/\u200b"); // two names in one may part there
  const icon = L.divIcon({ className, html, iconSize: null });
  return L.marker([lat, lon], { icon, interactive: false, keyboard: false, zIndexOffset: -1000 });
}

// --- what others need of it
export function seen(map, block = 4) {
  // Whole blocks of cells, so that a small move asks the same again; a little less, to stay inside of them.
  const zoom = map.getZoom();
  const bounds = map.getBounds();
  const wide = (block * 360) / 2 ** (zoom + COLUMNS);
  const high = wide / 2;
  const edge = wide / 100;
  const sides = [
    Math.floor(bounds.getWest() / wide) * wide + edge,
    Math.floor(bounds.getSouth() / high) * high + edge,
    Math.ceil(bounds.getEast() / wide) * wide - edge,
    Math.ceil(bounds.getNorth() / high) * high - edge,
  ];
  return { bbox: sides.map((side) => side.toFixed(5)).join(), zoom };
}

let asking;

export async function answer(address, only) {
  // What the portal says, or nothing: no network, or a newer question (`only`) came in between.
  if (only) asking?.abort();
  const control = new AbortController();
  if (only) asking = control;
  try {
    const response = await fetch(address, { signal: control.signal, headers: { Accept: "application/json" } });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

export function later(act) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, PAUSE);
  };
}
