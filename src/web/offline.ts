// The service worker, and what it must know to open today's list without a network.

/** Only where the page was built and came safely: a worker would stand between a developer and his changes. */
export function startOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  addEventListener('load', () => void register(), { once: true });
}

async function register(): Promise<void> {
  try {
    await navigator.serviceWorker.register('/sw.js');
    const { active } = await navigator.serviceWorker.ready;
    // Today is what people open on the way; its chunk comes along when the browser has nothing better to do.
    await idle();
    await import('./screens/today.tsx');
    const files = performance.getEntriesByType('resource').map(({ name }) => name);
    active?.postMessage({ keep: ['/', ...files.filter((name) => name.startsWith(`${location.origin}/assets/`))] });
  } catch {
    // A browser that forbids workers shows everything all the same, with a network.
  }
}

/** Safari has no requestIdleCallback: there a few seconds must do. */
const idle = (): Promise<unknown> =>
  new Promise((resolve) =>
    'requestIdleCallback' in window ? requestIdleCallback(resolve, { timeout: 8000 }) : setTimeout(resolve, 4000),
  );
