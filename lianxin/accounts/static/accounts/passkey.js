// Passkeys: fetch a challenge, let the browser's own dialog answer it, send the answer as a form.
// A page without this still signs in: by a code. So the buttons stay hidden until they can work.

const able = Boolean(window.PublicKeyCredential && navigator.credentials?.create);

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const described = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!able) continue;
  form.hidden = false;
  for (const note of document.querySelectorAll("[data-passkey-missing]")) note.hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!form.ariaBusy || form.ariaBusy === "false") answer(form);
  });
}

async function answer(form) {
  const status = form.querySelector("[data-passkey-status]");
  form.ariaBusy = "true";
  status.hidden = true;
  try {
    const asked = await fetch(form.dataset.begin, { method: "POST", body: new FormData(form) });
    const found = await asked.json();
    if (!asked.ok) throw new Error(found.refused);
    form.elements.challenge.value = found.challenge;
    form.elements.credential.value = JSON.stringify(await dialog(form.dataset.passkey, found.options.publicKey));
    form.submit();
  } catch (error) {
    // The dialog was closed, or there is no passkey here: nothing is lost, one may try again.
    const own = error instanceof DOMException || error instanceof TypeError || error instanceof SyntaxError;
    status.textContent = own || !error.message ? status.dataset.sentence : error.message;
    status.hidden = false;
    form.ariaBusy = "false";
  }
}

async function dialog(kind, given) {
  const publicKey = { ...given, challenge: bytes(given.challenge) };
  if (kind === "create") {
    publicKey.user = { ...given.user, id: bytes(given.user.id) };
    publicKey.excludeCredentials = described(given.excludeCredentials);
    return plain(await navigator.credentials.create({ publicKey }), ["clientDataJSON", "attestationObject"]);
  }
  publicKey.allowCredentials = described(given.allowCredentials);
  return plain(await navigator.credentials.get({ publicKey }), ["clientDataJSON", "authenticatorData", "signature", "userHandle"]);
}

function plain(credential, parts) {
  const response = {};
  for (const part of parts) if (credential.response[part]) response[part] = text(credential.response[part]);
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: credential.getClientExtensionResults() };
}
