// "Follow on this device": the browser makes an address for this device, and the portal sends there. Fetched when
// somebody presses the button, and only then permission is asked for.
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

function show(panel, follows, say = "") {
  shown(panel.querySelector("[data-follow]"), !follows);
  shown(panel.querySelector("[data-unfollow]"), follows);
  for (const line of panel.querySelectorAll("[data-say]")) shown(line, line.dataset.say === say);
}

async function follow(panel) {
  if ((await Notification.requestPermission()) !== "granted") return show(panel, false, "no");
  const { endpoint, keys } = (await subscribe(panel.dataset.key)).toJSON();
  await send(`/d/${panel.dataset.ref}/follow`, { endpoint, ...keys });
  show(panel, true, "yes");
  panel.querySelector("[data-unfollow]").focus();
}

async function unfollow(panel) {
  const device = await (await registration()).pushManager.getSubscription();
  if (device) await send(`/d/${panel.dataset.ref}/unfollow`, { endpoint: device.endpoint });
  show(panel, false);
  panel.querySelector("[data-follow]").focus();
}

/** A button of the panel was pressed. */
export default async function press(button) {
  const panel = button.closest("[data-follows]");
  const begins = button.hasAttribute("data-follow");
  try {
    await (begins ? follow(panel) : unfollow(panel));
  } catch {
    show(panel, !begins, "failed");
  }
}

/** Whether this device follows what the panel is about, for a device that follows anything. */
export async function look(panel) {
  const known = await navigator.serviceWorker.getRegistration();
  const device = await known?.pushManager?.getSubscription();
  if (device) show(panel, (await send("/follows", { endpoint: device.endpoint })).refs.includes(panel.dataset.ref));
}
