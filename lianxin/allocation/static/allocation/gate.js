// A door that works without a network. Tickets are checked here, against the published keys and the
// list fetched when there was a network; each scan gets an id of its own, lies in this device's store
// until the server has it, and counts once however often it is sent. The secret of this door stands
// behind the # of the address, which no server sees; it is kept here, so that the page may be
// reloaded in a cellar.

const root = document.querySelector("[data-gate]");
const words = document.querySelector("[data-gate-words]").dataset;
const find = (name) => root.querySelector(`[data-${name}]`);
const STORE = `gate-${root.dataset.gate}`;
const EVERY = 15_000;
const AT_ONCE = 200;
const AGAIN = 3000; // a ticket held before the camera is one scan, not thirty a second
let base, list, claims, codes, keys;
let isFresh = false; // the list came just now: there is a network
let last = { read: "", at: 0 };

// A tap that comes before the list is there waits for it, and is not lost.
const begun = start();

async function start() {
  find("typed").addEventListener("submit", typed);
  find("start").addEventListener("click", camera);
  base = await open();
  const secret = location.hash.slice(1);
  if (secret) {
    await put("state", "secret", secret);
    history.replaceState(null, "", location.pathname);
  }
  const kept = await get("state", "list");
  if (kept) await use(kept);
  await fetchList();
  await show();
  setInterval(sync, EVERY);
  addEventListener("online", sync);
  navigator.serviceWorker?.addEventListener("message", (event) => { if (event.data === "kept" && isFresh) standReady(); });
}

async function sync() {
  await send();
  await fetchList();
}

async function fetchList() {
  try {
    const answer = await ask(root.dataset.list);
    isFresh = answer.ok;
    if (answer.status === 403) return stand(words.shut);
    if (!answer.ok) return;
    const fresh = await answer.json();
    await put("state", "list", fresh);
    await use(fresh);
    await standReady();
  } catch {
    isFresh = false;
    stand(list ? words.offline : words.shut);
  }
}

// What is said to stand without a network does: the page is kept, and what brings it back is at work.
async function standReady() {
  stand((await isKept()) ? words.ready : words.online);
}

async function isKept() {
  if (!("serviceWorker" in navigator && "caches" in window)) return false;
  const worker = (await navigator.serviceWorker.getRegistration())?.active;
  return worker?.state === "activated" && Boolean(await caches.match(location.pathname, { cacheName: "kept" }));
}

async function use(fresh) {
  list = fresh;
  claims = new Map(fresh.claims.map(([id, code, size, used]) => [id, { id, code, size, used }]));
  codes = new Map([...claims.values()].map((claim) => [claim.code, claim]));
  keys = new Map();
  for (const key of fresh.keys) {
    try {
      keys.set(key.kid, await crypto.subtle.importKey("jwk", { kty: "OKP", crv: "Ed25519", x: key.x }, { name: "Ed25519" }, false, ["verify"]));
    } catch {
      // A browser without Ed25519: the list alone decides. Nobody guesses an id that is on it.
      keys.set(key.kid, null);
    }
  }
  find("title").textContent = `${fresh.title} · ${fresh.gate}`;
  find("in-label").textContent = say("in");
}

// A counter, where something is given until a day, speaks otherwise than a door.
function say(name) {
  return (list?.until && words[`${name}Counter`]) || words[name];
}

// What is on a ticket, or why it is none.
async function opened(read) {
  const plain = read.trim().split("#").pop();
  if (!plain.includes(".")) {
    const code = plain.toUpperCase().replace(/[OQ]/g, "0").replace(/[IL]/g, "1").replace(/U/g, "V").replace(/[^0-9A-Z]/g, "");
    const claim = codes.get(code);
    return claim ? { claim, read: code, name: "" } : { fault: "form", read: plain };
  }
  let said, payload, signature;
  try {
    [payload, signature] = plain.split(".").map(bytes);
    said = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
  } catch {
    return { fault: "form", read: plain };
  }
  if (plain.split(".").length !== 2 || said?.v !== 1 || said.t !== "ticket") return { fault: "form", read: plain };
  if (!keys.has(said.k)) return { fault: "unknown_key", read: plain };
  const key = keys.get(said.k);
  if (key && !(await crypto.subtle.verify({ name: "Ed25519" }, key, signature, payload))) return { fault: "forged", read: plain };
  if (said.p !== list.pool) return { fault: "elsewhere", read: plain };
  const claim = claims.get(said.c);
  if (!claim || claim.size !== said.z) return { fault: "gone", read: plain };
  return { claim, read: plain, name: [said.n, ...said.s].join(" · ") };
}

async function judge(read, places) {
  await begun;
  if (!list) return stand(words.shut);
  const found = await opened(read);
  if (!found.fault && list.until && Date.now() >= Date.parse(list.until)) found.fault = "expired";
  if (found.fault) return tell("refused", say(found.fault), "");
  const before = (await all()).filter((scan) => scan.claim === found.claim.id);
  const here = before.reduce((sum, scan) => sum + scan.entered, 0);
  const left = found.claim.size - Math.max(found.claim.used, here);
  const entered = Math.min(places || left, Math.max(left, 0));
  const scan = { id: newId(), at: Date.now(), read: found.read, claim: found.claim.id, places: places || found.claim.size, entered, sent: false };
  await put("scans", scan.id, scan);
  const more = [found.name, list.until ? "" : `${entered || found.claim.size} ${words.places}`].filter(Boolean).join(" · ");
  if (entered > 0) tell("entry", say("entry"), more);
  else tell("duplicate", say("duplicate"), `${found.name} ${before.length ? `${words.at} ${time(before[0].at)}` : ""}`);
  await show();
  send();
}

let sending = null;
function send() {
  sending ??= sendAll().finally(() => { sending = null; });
  return sending;
}

async function sendAll() {
  for (;;) {
    const waiting = (await all()).filter((scan) => !scan.sent).slice(0, AT_ONCE);
    if (!waiting.length) return;
    let told;
    try {
      const answer = await ask(root.dataset.scans, { scans: waiting.map(({ id, at, read, places }) => ({ id, at, read, places })) });
      if (!answer.ok) return;
      told = await answer.json();
    } catch {
      return;
    }
    for (const scan of waiting) {
      const refused = told.refused[scan.id];
      await put("scans", scan.id, { ...scan, sent: true, entered: refused ? 0 : told.entries[scan.id] ?? scan.entered, verdict: refused ?? (told.entries[scan.id] ? "entry" : "duplicate") });
    }
    await show();
  }
}

async function typed(event) {
  event.preventDefault();
  const { read, places } = event.target;
  const value = read.value;
  if (!value.trim() || !list) return;
  read.value = "";
  await judge(value, Number(places.value) || 0);
  places.value = "";
  read.focus();
}

async function camera() {
  const video = find("camera");
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  } catch {
    find("start").disabled = true;
    return;
  }
  video.hidden = false;
  await video.play();
  find("start").hidden = true;
  const look = await reader();
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 120));
    if (document.hidden || !video.videoWidth) continue;
    const scale = Math.min(1, 640 / Math.max(video.videoWidth, video.videoHeight));
    [canvas.width, canvas.height] = [video.videoWidth * scale, video.videoHeight * scale];
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    const read = await look(canvas, pen);
    if (!read || (read === last.read && Date.now() - last.at < AGAIN)) {
      if (read) last.at = Date.now();
      continue;
    }
    last = { read, at: Date.now() };
    await judge(read, 0);
  }
}

// The browser's own reader where it has one, else ours, loaded only then.
async function reader() {
  if ("BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (canvas) => (await detector.detect(canvas))[0]?.rawValue;
  }
  const { decodeQR } = await import(root.dataset.reader);
  return async (canvas, pen) => {
    try {
      return decodeQR(pen.getImageData(0, 0, canvas.width, canvas.height));
    } catch {
      return "";
    }
  };
}

function tell(kind, head, more) {
  const box = find("verdict");
  box.className = `verdict ${kind}`;
  find("verdict-words").textContent = head;
  find("verdict-more").textContent = more;
  box.hidden = false;
  navigator.vibrate?.(kind === "entry" ? 60 : [80, 60, 80]);
}

async function show() {
  const scans = (await all()).sort((one, other) => other.at - one.at);
  find("in").textContent = scans.reduce((sum, scan) => sum + scan.entered, 0);
  find("queued").textContent = scans.filter((scan) => !scan.sent).length;
  find("latest").replaceChildren(...scans.slice(0, 8).map((scan) => {
    const line = document.createElement("li");
    line.textContent = `${time(scan.at)} ${claims?.get(scan.claim)?.code ?? ""} ${say(scan.entered ? "entry" : "duplicate")}`;
    return line;
  }));
}

function stand(text) {
  find("stands").textContent = text;
}

async function ask(address, body) {
  const secret = await get("state", "secret");
  return fetch(address, {
    method: body ? "POST" : "GET",
    body: body && JSON.stringify(body),
    headers: { Authorization: `Gate ${secret ?? ""}`, "Content-Type": "application/json" },
    credentials: "omit",
    cache: "no-store",
  });
}

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(STORE, 1);
    asked.onupgradeneeded = () => ["state", "scans"].forEach((name) => asked.result.createObjectStore(name));
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}
const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
const get = (store, key) => done(base.transaction(store).objectStore(store).get(key));
const all = () => done(base.transaction("scans").objectStore("scans").getAll());
// Written for certain before anybody is waved in: relaxed durability would lose it with the battery.
function put(store, key, value) {
  return new Promise((resolve, reject) => {
    const turn = base.transaction(store, "readwrite", { durability: "strict" });
    turn.objectStore(store).put(value, key);
    turn.oncomplete = resolve;
    turn.onerror = () => reject(turn.error);
  });
}

function bytes(text) {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) throw new Error("not base64url");
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  // One byte string has one spelling: what was tampered with in its last bits is no ticket either.
  if (btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "") !== text) throw new Error("not base64url");
  return Uint8Array.from(plain, (one) => one.charCodeAt(0));
}

// Also where the page came without TLS, over the network of a hall.
function newId() {
  const raw = crypto.getRandomValues(new Uint8Array(16));
  raw[6] = (raw[6] & 15) | 64;
  raw[8] = (raw[8] & 63) | 128;
  const hex = [...raw].map((one) => one.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function time(at) {
  return new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}
