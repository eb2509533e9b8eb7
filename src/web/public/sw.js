// Lets the pages open without a network. Files with a hash in their name come from the cache first, for they never change; the page comes from the
// network first, so that a new build is seen at once. Nothing below /api passes through here: what may be read offline is kept by the page itself
// (api/offline-copy.ts) and what was done offline is in its queue.
const CACHE = 'xianke-pages';
/** A few builds' worth of files; the oldest go first. */
const MOST = 300;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

async function keep(request, response) {
  if (!response.ok || response.type !== 'basic') return;
  const cache = await caches.open(CACHE);
  await cache.put(request, response);
  const files = await cache.keys();
  for (const old of files.slice(0, Math.max(0, files.length - MOST))) await cache.delete(old);
}

/** `/` stands for every address of the site: they are all the same page. */
async function page(request) {
  try {
    const response = await fetch(request);
    if (response.headers.get('content-type')?.startsWith('text/html')) await keep('/', response.clone());
    return response;
  } catch (error) {
    const kept = await caches.match('/');
    if (kept) return kept;
    throw error;
  }
}

async function file(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  await keep(request, response.clone());
  return response;
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin || pathname.startsWith('/api')) return;
  // Pages for people without an account stand on their own and are never kept.
  if (/^\/(c|f|samples)\//.test(pathname)) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else if (pathname.startsWith('/assets/') || pathname === '/leaf.svg') event.respondWith(file(request));
});

// What the page had fetched before this worker was there.
self.addEventListener('message', (event) => {
  if (!Array.isArray(event.data?.keep)) return;
  event.waitUntil(
    Promise.all(
      event.data.keep.map(async (url) => {
        const path = new URL(url, self.location.origin).pathname;
        if (path !== '/' && !path.startsWith('/assets/')) return;
        if (await caches.match(path)) return;
        await keep(path, await fetch(path));
      }),
    ).catch(() => undefined),
  );
});
