// "Follow on this device": the browser makes an address for this device, and the portal sends there. Only shown where
// the browser can do it. Asking for permission waits until somebody presses the button.
const shown = (element, on) => element && (element.hidden = !on);

async function send(path, facts) {
  const { token } = await (await fetch("/token", { cache: "no-store" })).json();
  const body = new FormData();
  for (const [name, value] of Object.entries({ ...facts, csrf_token: token, once: crypto.randomUUID() })) body.append(name, value);
  const answer = await fetch(path, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

// The device is made ready for offline use as well: the same worker shows the notices.
async function registration() {
  const known = await navigator.serviceWorker.getRegistration();
  if (!known) await (await import(document.querySelector("[data-offline]").dataset.offline)).default();
  return navigator.serviceWorker.ready;
}

async function subscribe(key) {
  const { pushManager } = await registration();
  const bytes = Uint8Array.from(atob(key.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const known = await pushManager.getSubscription();
  const old = known && new Uint8Array(known.options.applicationServerKey || []);
  if (known && String(old) !== String(bytes)) await known.unsubscribe(); // made for another key of ours
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes });
}

export default async function start(panel) {
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return;
  const { ref, key } = panel.dataset;
  const show = (follows, say = "") => {
    shown(panel.querySelector("[data-follow]"), !follows);
    shown(panel.querySelector("[data-unfollow]"), follows);
    for (const line of panel.querySelectorAll("[data-say]")) shown(line, line.dataset.say === say);
  };
  panel.querySelector("[data-follow]").addEventListener("click", async () => {
    if ((await Notification.requestPermission()) !== "granted") return show(false, "no");
    try {
      const { endpoint, keys } = (await subscribe(key)).toJSON();
      await send(`/d/${ref}/follow`, { endpoint, ...keys });
      show(true, "yes");
    } catch {
      show(false, "failed");
    }
  });
  panel.querySelector("[data-unfollow]").addEventListener("click", async () => {
    const device = await (await registration()).pushManager.getSubscription();
    try {
      if (device) await send(`/d/${ref}/unfollow`, { endpoint: device.endpoint });
      show(false);
    } catch {
      show(true, "failed");
    }
  });
  panel.hidden = false;
  const known = await navigator.serviceWorker.getRegistration();
  const device = await known?.pushManager.getSubscription();
  if (device) show((await send("/follows", { endpoint: device.endpoint })).refs.includes(ref));
}
