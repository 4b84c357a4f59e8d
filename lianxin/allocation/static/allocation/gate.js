// A door that works without a network. Tickets are judged here (gate_judge.js), against the published
// keys and the list fetched when there was a network; each scan gets an id of its own, lies in this
// device's store until the server has it, and counts once however often it is sent. The secret of this
// door stands behind the # of the address, which no server sees; it is kept here, so that the page may
// be reloaded in a cellar.

const root = document.querySelector("[data-gate]");
const words = document.querySelector("[data-gate-words]").dataset;
const find = (name) => root.querySelector(`[data-${name}]`);
const STORE = `gate-${root.dataset.gate}`;
const EVERY = 15_000;
const AT_ONCE = 200;
const AGAIN = 3000; // a ticket held before the camera is one scan, not thirty a second
const MOMENT = 3000; // as long as somebody waits for a newer list
let base, has; // `has`: the list, ready to be judged by
let isFresh = false; // the list came just now: there is a network
let isClosed = false; // said by the desk: what is scanned from then on is not believed
let isOver = false; // nor is anything taken any more
let last = { read: "", at: 0 };
let reading = []; // the files that read a picture, where the browser does not by itself

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
  await keepReader();
  isClosed = Boolean(await get("state", "closed"));
  const kept = await get("state", "list");
  if (kept) await use(kept);
  await fetchList();
  await show();
  send();
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
    if (answer.status === 403) return await standShut();
    if (!answer.ok) return;
    const fresh = await answer.json();
    await put("state", "list", fresh);
    await closed(false);
    await use(fresh);
    await standReady();
  } catch {
    isFresh = false;
    stand(isShut() || !has ? words.shut : words.offline);
  }
}

// What it scanned before is still taken; whom it lets in from now on would not count.
async function standShut() {
  await closed(true);
  const scans = await all();
  if (scans.some((scan) => scan.verdict === "disowned")) return stand(words.distrusted);
  stand(isOver && scans.some((scan) => !scan.sent) ? words.over : words.shut);
}

async function closed(really) {
  if (isClosed === really) return;
  isClosed = really;
  await put("state", "closed", really);
}

function isShut() {
  return isClosed || (has?.list.ends && Date.now() >= Date.parse(has.list.ends));
}

// What is said to stand without a network does: the page is kept, and what brings it back is at work.
async function standReady() {
  stand((await isKept()) ? words.ready : words.online);
}

async function isKept() {
  if (!("serviceWorker" in navigator && "caches" in window)) return false;
  const worker = (await navigator.serviceWorker.getRegistration())?.active;
  if (worker?.state !== "activated") return false;
  const found = await Promise.all([location.pathname, ...reading].map((file) => caches.match(file, { cacheName: "kept" })));
  return found.every(Boolean);
}

// The camera may be asked for the first time in the cellar.
async function keepReader() {
  if (await readsItself()) return;
  const own = new URL(root.dataset.reader, location);
  reading = [own.href, new URL("./index.js", own).href];
  navigator.serviceWorker?.ready.then((worker) => worker.active?.postMessage({ keep: reading }));
}

async function readsItself() {
  return "BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
}

async function use(fresh) {
  has = await LianxinGate.known(fresh);
  find("unchecked").hidden = !has.isUnchecked;
  find("title").textContent = `${fresh.title} · ${fresh.gate}`;
  find("in-label").textContent = say("in");
}

// A counter, where something is given until a day, speaks otherwise than a door.
function say(name) {
  return (has?.list.until && words[`${name}Counter`]) || words[name];
}

async function judge(read, places) {
  await begun;
  if (!has) return stand(words.shut);
  let found = await LianxinGate.opened(read, has);
  if (found.isStale) {
    await Promise.race([fetchList(), new Promise((resolve) => setTimeout(resolve, MOMENT))]);
    found = await LianxinGate.opened(read, has);
  }
  if (isShut()) found.fault = "shut";
  const { until } = has.list;
  if (!found.fault && until && Date.now() >= Date.parse(until)) found.fault = "expired";
  if (found.fault) return tell("refused", say(found.fault), "");
  // Genuine, and given after this list was written: whoever stands at the door decides, once.
  if (found.isNewer && !(await scansOf(found.claim)).length) return wonder(found, places);
  await admit(found, places);
}

async function scansOf(claim) {
  return (await all()).filter((scan) => scan.claim === claim.id);
}

async function admit(found, places) {
  const before = await scansOf(found.claim);
  const here = before.reduce((sum, scan) => sum + scan.entered, 0);
  const left = Math.max(found.size - Math.max(found.claim.used, here), 0);
  const entered = Math.min(places || left, left);
  const scan = { id: newId(), at: Date.now(), read: found.read, claim: found.claim.id, places: Math.min(places || found.size, found.size), entered, sent: false };
  await put("scans", scan.id, scan);
  const count = has.list.until ? "" : `${entered || found.size} ${words.places}`;
  const more = [found.name, count, found.isMore ? words.less : ""].filter(Boolean).join(" · ");
  if (entered > 0) tell("entry", say("entry"), more);
  else tell("duplicate", say("duplicate"), `${found.name} ${before.length ? `${words.at} ${time(before[0].at)}` : ""}`);
  await show();
  send();
}

function wonder(found, places) {
  tell("duplicate", say("newer"), [found.name, has.list.until ? "" : `${found.size} ${words.places}`].filter(Boolean).join(" · "));
  const button = find("admit");
  button.textContent = say("admit");
  button.onclick = () => {
    button.onclick = null; // the tired thumb
    admit(found, places);
  };
  find("wonder").hidden = false;
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
      isOver = answer.status === 403;
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
  if (!value.trim()) return;
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
  if (await readsItself()) {
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
  find("wonder").hidden = true;
  navigator.vibrate?.(kind === "entry" ? 60 : [80, 60, 80]);
}

async function show() {
  const scans = (await all()).sort((one, other) => other.at - one.at);
  find("in").textContent = scans.reduce((sum, scan) => sum + scan.entered, 0);
  find("queued").textContent = scans.filter((scan) => !scan.sent).length;
  find("latest").replaceChildren(...scans.slice(0, 8).map((scan) => {
    const line = document.createElement("li");
    const verdict = scan.entered ? "entry" : words[scan.verdict] ? scan.verdict : "duplicate";
    line.textContent = `${time(scan.at)} ${has?.claims.get(scan.claim)?.code ?? ""} ${say(verdict)}`;
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
