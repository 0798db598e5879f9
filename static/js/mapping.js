// The map of dossiers: pins, the filter, the list beside it and the address bar, all in step with each other.
const NEAR = 17;
const FIELDS = ["q", "kind", "state", "category", "neighbourhood"];

export default async function start(element) {
  const { default: begin, answer, later, seen } = await import(element.dataset.map);
  const stage = element.querySelector("[data-stage]");
  const form = document.getElementById("filters");
  const drawing = element.querySelector("[data-drawing]");
  let map;
  let show;

  // --- what is asked for: the filter as the form has it, and the part of the map
  const filter = () => {
    const given = new FormData(form);
    return FIELDS.filter((name) => given.get(name)).map((name) => [name, given.get(name)]);
  };
  const place = () => {
    const { lat, lng } = map.getCenter();
    return [["lat", lat.toFixed(5)], ["lon", lng.toFixed(5)], ["zoom", map.getZoom()]];
  };
  const address = () => `${element.dataset.here}?${new URLSearchParams([...filter(), ...place()])}`;

  function keep(how) {
    if (location.pathname + location.search === address()) return;
    history[how]({ map: true }, "", address());
  }

  const refresh = later(async () => {
    if (!element.isConnected) return map.remove();
    list();
    const found = await answer(`${element.dataset.pins}?${new URLSearchParams([...filter(), ...Object.entries(seen(map))])}`, true);
    if (found) show(found);
  });

  async function list() {
    const bounds = map.getBounds();
    const bbox = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((side) => side.toFixed(5));
    const asked = `${address()}&bbox=${bbox.join()}`;
    list.last = asked;
    const headers = { "HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "section#maps-list" };
    const response = await fetch(asked, { headers }).catch(() => null);
    if (!response?.ok || list.last !== asked) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("maps-list");
    document.getElementById("maps-list")?.replaceWith(fresh);
    window.htmx?.process(fresh);
  }

  // --- the filter: a change shows at once; another neighbourhood is another place
  form.addEventListener("change", (event) => {
    if (!map) return;
    if (event.target.name === "neighbourhood") {
      form.querySelectorAll("[data-stays]").forEach((field) => field.remove());
      return form.requestSubmit();
    }
    keep("pushState");
    refresh();
  });
  form.addEventListener("submit", (event) => {
    const was = new URLSearchParams(location.search).get("neighbourhood") || "";
    if (!map || form.elements.neighbourhood.value !== was) return;
    event.preventDefault();
    if (form.matches(":popover-open")) form.hidePopover();
    keep("pushState");
    refresh();
  });

  // --- back and forward between what this page showed
  window.addEventListener("popstate", function back({ state }) {
    if (!element.isConnected) {
      window.removeEventListener("popstate", back);
      if (state?.map) location.reload();
      return;
    }
    if (state?.htmx || location.pathname !== element.dataset.here) return;
    const given = new URLSearchParams(location.search);
    for (const name of FIELDS) if (form.elements[name]) form.elements[name].value = given.get(name) || "";
    const { lat, lon, zoom } = given.has("zoom") ? Object.fromEntries(given) : stage.dataset;
    map.setView([lat, lon], zoom, { animate: false });
    refresh();
  });

  // --- my place
  const me = element.querySelector("[data-me]");
  me.addEventListener("click", () => {
    const failed = element.querySelector("[data-me-failed]");
    failed.hidden = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const at = [coords.latitude, coords.longitude];
        const { here } = JSON.parse(stage.dataset.words);
        const icon = L.divIcon({ className: "map-me", iconSize: [20, 20] });
        map.mine?.remove();
        map.mine = L.marker(at, { icon, interactive: false, keyboard: false, alt: here }).addTo(map);
        map.setView(at, Math.max(NEAR, map.getZoom()));
      },
      () => (failed.hidden = false),
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });

  stage.addEventListener("map:missing", () => (drawing.hidden = false));
  stage.addEventListener("map:open", async (event) => {
    map = event.detail.map;
    const { default: pins } = await import(element.dataset.pinning);
    drawing.hidden = true;
    stage.hidden = false;
    element.classList.add("moves");
    map.invalidateSize();
    me.hidden = !("geolocation" in navigator);
    show = pins(map, stage, event.detail.words, () => keep("pushState"));
    map.on("moveend", () => {
      if (!element.isConnected) return map.remove();
      keep("replaceState");
      refresh();
    });
    refresh();
  });
  begin(stage);
}
