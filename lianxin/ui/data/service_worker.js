// Keeps the shell on the phone. Pages come from the network; after three seconds of silence, or
// without a network, the reader gets the offline page. No page is ever stored, so nobody can find
// on a shared phone what another person read.
const RELEASE = "@release@";
const CACHE = "shell-" + RELEASE;
const FILES = ["@files@"];
const OFFLINE = "/offline";
const PATIENCE = 3000;

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
});

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
  return offline();
}

async function offline() {
  return (await caches.match(OFFLINE, { cacheName: CACHE })) || Response.error();
}
