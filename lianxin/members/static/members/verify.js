// Checks a membership card on this phone: the address brings the card behind its #, which no server
// ever sees. The keys and the list of revoked cards are kept for when there is no network. A browser
// without Ed25519 sends the form instead; nothing here is needed to get an answer.

const form = document.querySelector("form[data-keys]");
const box = document.querySelector("[data-verdict]");
const SKEW = 300;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await check(form.token.value);
});
addEventListener("hashchange", fromAddress);
fromAddress();
keep("keys");
keep("revoked");

function fromAddress() {
  const token = location.hash.slice(1);
  if (!token) return;
  form.token.value = token;
  check(token);
}

async function check(typed) {
  const token = typed.trim().split("#").pop().trim();
  try {
    show(await judge(token));
  } catch {
    form.token.value = token;
    form.submit();
  }
}

async function judge(token) {
  const card = await opened(token, "card");
  if (card.fault) return card;
  const said = card.said;
  const now = Date.now() / 1000;
  if (said.i > now + SKEW) return { fault: "not_yet", said };
  if (said.e <= now) return { fault: "expired", said };
  const list = await opened((await keep("revoked")) ?? "", "revoked");
  if (list.said?.c?.includes(said.c)) return { fault: "revoked", said };
  return { said };
}

async function opened(token, kind) {
  let payload, signature, said;
  try {
    [payload, signature] = token.split(".").map(bytes);
    said = JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return { fault: "form" };
  }
  if (!signature || said?.v !== 1 || said.t !== kind) return { fault: "form" };
  const published = JSON.parse((await keep("keys")) ?? "{}").keys;
  if (!published) throw new Error("no key yet");
  const key = published.find((one) => one.kid === said.k);
  if (!key) return { fault: "unknown_key" };
  const jwk = { kty: "OKP", crv: "Ed25519", x: key.x };
  const made = await crypto.subtle.importKey("jwk", jwk, { name: "Ed25519" }, false, ["verify"]);
  const holds = await crypto.subtle.verify({ name: "Ed25519" }, made, signature, payload);
  return holds ? { said } : { fault: "forged" };
}

// The newest there is: from the network, else what was kept.
async function keep(name) {
  try {
    const answer = await fetch(form.dataset[name], { cache: "no-cache" });
    if (answer.ok) {
      const text = await answer.text();
      localStorage.setItem(`card.${name}`, text);
      return text;
    }
  } catch {
    // No network: what was kept has to do.
  }
  return localStorage.getItem(`card.${name}`);
}

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (one) => one.charCodeAt(0));
}

function show({ fault, said }) {
  const on = new Set([fault ? "bad" : "good", fault, said && "face", "offline"]);
  for (const one of box.querySelectorAll("[data-show]")) one.hidden = !on.has(one.dataset.show);
  if (said) {
    box.querySelector("[data-name]").textContent = said.n;
    box.querySelector("[data-union]").textContent = said.u;
    box.querySelector("[data-until]").textContent = new Date(said.e * 1000).toLocaleString(document.documentElement.lang);
  }
  box.hidden = false;
  box.scrollIntoView({ block: "nearest" });
}
