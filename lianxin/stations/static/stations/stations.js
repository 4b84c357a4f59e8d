// Helps on top of the list of stations, which reads without them. The position of a phone is used on
// the phone: whatever has to be fetched is fetched first, for the whole district, and only then is
// the position asked for. It goes into no address, no form and no store.

const EARTH = 6371008.8;
const SHOWN = 60;
const rad = (degrees) => (degrees * Math.PI) / 180;

function metres(a, b) {
  const chord = Math.sin(rad(b[0] - a[0]) / 2) ** 2
    + Math.cos(rad(a[0])) * Math.cos(rad(b[0])) * Math.sin(rad(b[1] - a[1]) / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(chord)));
}

const near = document.querySelector("[data-near]");
const list = document.querySelector("[data-list]");
const said = near?.querySelector("[data-said]");
const fill = (box, ...nodes) => { box.textContent = ""; box.append(...nodes); };
const tell = (name) => { if (said) said.textContent = near.dataset[name] || ""; };

function far(distance) {
  const [words, number] = distance < 1000
    ? [near.dataset.m, Math.max(10, Math.round(distance / 10) * 10)]
    : [near.dataset.km, distance < 10000 ? (distance / 1000).toFixed(1) : Math.round(distance / 1000)];
  return words.replace("{n}", number);
}

async function json(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

const position = () => new Promise((found, failed) => {
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => found([coords.latitude, coords.longitude]), failed,
    { enableHighAccuracy: false, maximumAge: 60000, timeout: 20000 },
  );
});

// Each district as code, name and its cells: differences of a thousandth of a degree.
function districts(where, here) {
  return where.districts.map(([code, name, ...steps]) => {
    let best = Infinity;
    let at = [0, 0];
    for (let n = 0; n < steps.length; n += 2) {
      at = [at[0] + steps[n], at[1] + steps[n + 1]];
      best = Math.min(best, metres(here, [at[0] * where.unit, at[1] * where.unit]));
    }
    return { code, name, distance: best };
  }).sort((a, b) => a.distance - b.distance);
}

function rowOf(packed, chips) {
  const [code, name, place, , , chip, sentence, note = ""] = packed;
  const [word, tone, icon] = chips[chip];
  const row = document.getElementById("near-row").content.firstElementChild.cloneNode(true);
  const put = (what, text) => { row.querySelector(`[data-${what}]`).textContent = text; };
  row.querySelector("a").href = near.dataset.page.replace("CODE", code);
  row.querySelector("use").setAttribute("href", `${near.dataset.sprite}#${icon}`);
  row.querySelector(".tile").classList.add(...({ yes: ["green"], late: ["red"] }[tone] || []));
  if (tone) row.querySelector(".chip").classList.add(tone);
  put("name", name); put("place", place); put("chip", word); put("sentence", sentence); put("note", note);
  return row;
}

function sorted(rows, here) {
  rows.sort((a, b) => a.distance - b.distance);
  fill(list, ...rows.slice(0, SHOWN).map(({ row, distance }) => {
    row.querySelector(".far").textContent = far(distance);
    return row;
  }));
  document.querySelector("[data-pager]")?.remove();
  fill(document.querySelector("h2[data-heading]"), near.dataset.heading);
}

function links(found) {
  const box = near.querySelector("[data-districts]");
  fill(box, ...found.map(({ code, name, distance }) => {
    const link = document.createElement("a");
    link.className = "chip";
    link.href = near.dataset.district.replace("CODE", code);
    link.textContent = `${name} · ${far(distance)}`;
    return link;
  }));
  box.hidden = !found.length;
}

async function sortByDistance(button) {
  button.setAttribute("aria-disabled", "true");
  tell("looking");
  try {
    const [packed, where] = await Promise.all([
      near.dataset.rows ? json(near.dataset.rows) : null,
      near.dataset.where ? json(near.dataset.where) : null,
    ]);
    const here = await position();
    let rows = [];
    if (packed) {
      rows = packed.rows.map((one) => ({
        row: rowOf(one, packed.chips), distance: metres(here, [one[3] / 1e6, one[4] / 1e6]),
      }));
    } else if (list && !near.dataset.where) {
      rows = [...list.querySelectorAll("[data-at]")].map((row) => ({
        row, distance: metres(here, row.dataset.at.split(",").map(Number)),
      }));
    }
    if (rows.length) sorted(rows);
    if (where) {
      const found = districts(where, here);
      const limit = rows.length ? (rows[2] || rows[rows.length - 1]).distance : Infinity;
      links(found.filter((one) => one.code !== near.dataset.code && one.distance < limit).slice(0, 3));
    }
    tell("done");
    try { sessionStorage.setItem("near", "1"); } catch { /* a store that is shut is no loss */ }
  } catch (error) {
    tell(error.code === 1 ? "denied" : "failed");
  }
  button.removeAttribute("aria-disabled");
}

if (near && "geolocation" in navigator && !document.querySelector("[data-kiosk]")) {
  const button = near.querySelector("button");
  near.hidden = false;
  button.addEventListener("click", () => {
    if (!button.hasAttribute("aria-disabled")) sortByDistance(button);
  });
  // Whoever sorted one list a moment ago, and lets us, gets the next one sorted as well.
  let again = false;
  try { again = sessionStorage.getItem("near") === "1"; } catch { again = false; }
  if (again && near.dataset.rows) {
    navigator.permissions?.query({ name: "geolocation" }).then((right) => {
      if (right.state === "granted") sortByDistance(button);
    });
  }
}

// The dots of the map lead to their stations; for everything but a finger the list does.
document.querySelector("[data-map]")?.addEventListener("click", (event) => {
  const code = event.target.closest("[data-code]")?.dataset.code;
  if (code) location.href = `${event.currentTarget.dataset.map}${code}/`;
});

// A district in the pocket, to read with the network off. Only by choice, and it goes when one signs
// out. The service worker looks here when the network is away.
const KEPT = "kept";
const pocket = document.querySelector("[data-pocket]");

async function take() {
  const answer = await fetch(pocket.dataset.pocket, { cache: "reload" });
  if (!answer.ok) throw new Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.clone().text(), "text/html");
  const files = [...page.querySelectorAll("link[rel=stylesheet], script[src]")]
    .map((one) => new URL(one.getAttribute("href") || one.getAttribute("src"), location.origin).pathname);
  const cache = await caches.open(KEPT);
  await cache.addAll([...new Set(files)]);
  await letGo();
  await cache.put(pocket.dataset.pocket, answer);
}

async function letGo() {
  const cache = await caches.open(KEPT);
  for (const held of await cache.keys()) {
    if (new URL(held.url).pathname.startsWith(pocket.dataset.all)) await cache.delete(held);
  }
}

async function since() {
  const held = await caches.match(pocket.dataset.pocket, { cacheName: KEPT });
  return held ? new Date(held.headers.get("Date")) : null;
}

async function showPocket() {
  const from = await since();
  const when = from && from.toLocaleString(document.documentElement.lang, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
  pocket.querySelector("[data-said]").textContent = from ? pocket.dataset.kept.replace("{t}", when) : pocket.dataset.not;
  pocket.querySelector("button").textContent = from ? pocket.dataset.let : pocket.dataset.take;
  return from;
}

if (pocket && "caches" in window && "serviceWorker" in navigator && !document.querySelector("[data-kiosk]")) {
  pocket.hidden = false;
  pocket.querySelector("button").addEventListener("click", async () => {
    try {
      await ((await since()) ? letGo() : take());
      await showPocket();
    } catch {
      pocket.querySelector("[data-said]").textContent = pocket.dataset.failed;
    }
  });
  showPocket().then((from) => {
    if (from && Date.now() - from > 600000) take().then(showPocket).catch(() => {});
  });
}

// A kept page says what the hours say now; what people told since then it cannot know.
const kept = document.querySelector("[data-kept-at]");
if (kept && Date.now() - new Date(kept.dataset.keptAt) > 300000) {
  const now = Date.now() / 60000;
  const isOld = Date.now() > new Date(kept.dataset.knownUntil);
  const time = (minute) => new Date(minute * 60000).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
  for (const row of document.querySelectorAll("[data-spells]")) {
    const spells = row.dataset.spells.split(" ").filter(Boolean).map((one) => one.split("-").map(Number));
    const open = spells.find(([from, to]) => from <= now && now < to);
    const next = spells.find(([from]) => from > now);
    const chip = row.querySelector(".chip");
    chip.className = open ? "chip yes" : "chip";
    chip.textContent = isOld ? kept.dataset.old : open ? kept.dataset.open : kept.dataset.closed;
    row.querySelector("[data-sentence]").textContent = !open
      ? next && !isOld ? kept.dataset.opens.replace("{t}", time(next[0])) : kept.dataset.see
      : open[1] - now > 1440 ? kept.dataset.always : kept.dataset.until.replace("{t}", time(open[1]));
  }
}
