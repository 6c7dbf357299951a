/// <reference lib="webworker" />
/** The worker behind the app: keeps the page, its parts and its words, so that it starts without a signal. It never
 * touches what goes to or comes from the server: that is sealed, and the app's own affair. */

declare const self: ServiceWorkerGlobalScope & {
  __WB_MANIFEST: (string | { url: string; revision: string | null })[];
  /** Put before this script by the program: what it serves itself, and a mark that changes when any of it does. */
  HOUSE: { mark: string; page: string; base: string; addresses: string[] };
};

const built = self.__WB_MANIFEST.map(one => self.HOUSE.base + (typeof one === "string" ? one : one.url));
const { mark, page, addresses } = self.HOUSE;
const NAME = `shouwang-${mark}`;
const kept = [...new Set([page, ...addresses, ...built])];

self.addEventListener("install", event => {
  event.waitUntil(
    caches.open(NAME).then(cache => cache.addAll(kept.map(url => new Request(url, { cache: "reload" })))),
  );
});

self.addEventListener("activate", event => {
  event.waitUntil(
    caches
      .keys()
      .then(names => Promise.all(names.filter(name => name !== NAME).map(name => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", event => {
  if (event.data === "take over") void self.skipWaiting();
});

self.addEventListener("fetch", event => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const wanted = request.mode === "navigate" && url.pathname === page ? page : url.pathname + url.search;
  if (!kept.includes(wanted)) return;
  event.respondWith(caches.match(wanted, { cacheName: NAME }).then(found => found ?? fetch(request)));
});

export {};
