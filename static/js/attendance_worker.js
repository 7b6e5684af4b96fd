// Shows the attendance page without a network, as long as entries wait on this device (attendance.js keeps the page and
// its files). Everything else comes from the network and is kept by nobody.

const PAGES = "netzkoord-attendance-pages";
const FILES = "netzkoord-attendance-files";
const OFFLINE = `<!doctype html><html lang="de"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Keine Verbindung – netzkoord</title><h1>Keine Verbindung</h1>
<p>Auf diesem Gerät wartet kein Eintrag: Was Sie eingetragen haben, ist gespeichert.</p>
<p>Sobald das Netz wieder da ist, laden Sie die Seite bitte neu.</p></html>`;

async function page(request) {
  try {
    return await fetch(request);
  } catch {
    const kept = await caches.match(request.url, { cacheName: PAGES });
    return kept ?? new Response(OFFLINE, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
  }
}

async function file(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request, { cacheName: FILES })) ?? Response.error();
  }
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  event.respondWith(event.request.mode === "navigate" ? page(event.request) : file(event.request));
});
