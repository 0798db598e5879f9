// Pointing out a place: the middle of the map is what is chosen. Tap to bring a place there, or move the map.
// This page stands in a frame of the page with the form; what is chosen goes there as a message.
const NEAR = 150;

export default async function start(element) {
  const { default: begin } = await import(element.dataset.map);
  const stage = element.querySelector("[data-stage]");
  const [choose, cancel, said] = ["choose", "cancel", "said"].map((name) => element.querySelector(`[data-${name}]`));
  const tell = (message) => parent.postMessage(message, location.origin);
  cancel.addEventListener("click", () => tell({ picked: null }));
  document.addEventListener("keydown", (event) => event.key === "Escape" && tell({ picked: null }));
  stage.addEventListener("map:missing", () => (element.querySelector("[data-missing]").hidden = false));
  stage.addEventListener("map:open", ({ detail: { map } }) => {
    const pick = () => {
      const { lat, lng } = map.getCenter();
      tell({ picked: { lat: lat.toFixed(6), lon: lng.toFixed(6) } });
    };
    let names = [];
    const say = () => (said.textContent = near(map, names, element.dataset));
    choose.disabled = false;
    choose.addEventListener("click", pick);
    stage.addEventListener("keydown", (event) => event.key === "Enter" && event.target === stage && pick());
    map.on("click", (event) => map.panTo(event.latlng));
    map.on("land", (found) => {
      names = found.names.filter(([, , , area]) => !area);
      say();
    });
    map.on("moveend", say);
    stage.focus();
  });
  begin(stage);
}

// The nearest name, for who cannot see the map.
function near(map, names, { beside, nowhere }) {
  const here = map.getCenter();
  let best = NEAR;
  let found = "";
  for (const [lat, lon, name] of names) {
    const metres = map.distance(here, [lat, lon]);
    if (metres < best) [best, found] = [metres, name];
  }
  return found ? beside.replace("{name}", found).replace("{metres}", Math.round(best / 10) * 10) : nowhere;
}
