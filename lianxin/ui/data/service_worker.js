// Keeps the shell on the phone. Pages come from the network; after three seconds of silence, or
// without a network, the reader gets the offline page. A page is stored only if it asks for it
// (data-keep: a ticket, a door, what is public), so nobody finds on a shared phone what another
// person read; signing out drops all of it.
const RELEASE = "@release@";
const CACHE = "shell-" + RELEASE;
const FILES = ["@files@"];
const OFFLINE = "/offline";
const PATIENCE = 3000;
const KEPT = "kept";
const KEPT_DAYS = 45;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(FILES);
    await cache.put(OFFLINE, await fetch(OFFLINE, { credentials: "omit", cache: "reload" }));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("shell-") && name !== CACHE) await caches.delete(name);
    }
    await tidy();
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && request.method === "POST") event.respondWith(fetch(request).catch(offline));
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (FILES.includes(url.pathname)) event.respondWith(file(request));
  else event.respondWith(fetch(request).catch(() => kept(request)));
});

// What a page asks to be kept: the files it is drawn with, then itself; it is told when all is there.
self.addEventListener("message", (event) => {
  if (event.data?.keep) event.waitUntil(keep(event.data.keep, event.source));
});

// In this order, and no further than all went well: a page that is kept has its files.
async function keep(addresses, page) {
  const cache = await caches.open(KEPT);
  for (const address of addresses) {
    try {
      const answer = await fetch(address, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      await cache.put(address, answer);
    } catch {
      return; // No network just now: what was kept before stays.
    }
  }
  page?.postMessage("kept");
}

async function kept(request) {
  const found = await caches.match(request, { cacheName: KEPT, ignoreSearch: true, ignoreVary: true });
  return found || (request.mode === "navigate" && (await standIn(new URL(request.url).pathname))) || Response.error();
}

// A kept page may say (Kept-For) for which addresses it stands in: a list for all that is in it.
async function standIn(path) {
  const cache = await caches.open(KEPT);
  for (const request of await cache.keys()) {
    const answer = await cache.match(request);
    const place = answer.headers.get("Kept-For");
    if (place && path.startsWith(place)) return answer;
  }
  return null;
}

async function tidy() {
  const cache = await caches.open(KEPT);
  for (const request of await cache.keys()) {
    const answer = await cache.match(request);
    const age = Date.now() - new Date(answer.headers.get("Date") ?? 0);
    if (age > KEPT_DAYS * 86_400_000) await cache.delete(request);
  }
}

async function file(request) {
  return (await caches.match(request, { cacheName: CACHE })) || fetch(request);
}

// A slow page is still better than none: the offline page stands in only while nothing has come
// after the patience is over and the network is really gone.
async function page(request) {
  const coming = fetch(request);
  const tired = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  try {
    const first = await Promise.race([coming, tired]);
    if (first) return first;
    if (navigator.onLine) return await coming;
  } catch (error) {
    // No network: fall through to what the phone keeps.
  }
  coming.catch(() => {});
  const stored = await kept(request);
  return stored.ok ? stored : offline();
}

async function offline() {
  return (await caches.match(OFFLINE, { cacheName: CACHE })) || Response.error();
}
