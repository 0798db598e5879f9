// The button "Point on the map": opens the map in a frame, and puts what was pointed at into the form around it.
export default function start(element) {
  const button = element.querySelector("button");
  const sheet = element.querySelector("dialog");
  const form = element.closest("form");
  element.hidden = false;

  button.addEventListener("click", () => {
    const { lat, lon } = form.elements;
    const address = new URL(element.dataset.address, location);
    const begin = lat.value && lon.value ? { lat: lat.value, lon: lon.value, zoom: 18 } : {};
    for (const [name, value] of Object.entries(begin)) address.searchParams.set(name, value);
    const frame = document.createElement("iframe");
    frame.src = address;
    frame.title = button.textContent.trim();
    sheet.replaceChildren(frame);
    sheet.showModal();
    frame.focus();
  });

  sheet.addEventListener("close", () => {
    sheet.replaceChildren();
    button.focus();
  });

  window.addEventListener("message", function hear({ origin, source, data }) {
    if (!element.isConnected) return window.removeEventListener("message", hear);
    if (origin !== location.origin || source !== sheet.firstChild?.contentWindow) return;
    if (data.picked) {
      form.elements.lat.value = data.picked.lat;
      form.elements.lon.value = data.picked.lon;
    }
    sheet.close();
    if (data.picked) form.requestSubmit();
  });
}
