// Pressed: let the device make a passkey (data-make) or show one (data-show), and send the form with its answer.
// What it says to people stands in the form.
export default async function passkey(button) {
  const { make, show, into } = button.dataset;
  const { form } = button;
  const failed = form.querySelector("[data-failed]");
  failed.hidden = true;
  try {
    const answer = make ? await made(JSON.parse(make)) : await shown(JSON.parse(show));
    form.elements[into].value = JSON.stringify(answer);
  } catch {
    failed.hidden = false; // they changed their mind, it is no passkey of theirs, or the browser is too old
    return;
  }
  form.requestSubmit();
}

const made = (asked) =>
  navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) });
const shown = (asked) =>
  navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
