/** What `watchPage` leaves in the page. Each call tells what there was since the last one. */
export interface PageWatch {
  /** Milliseconds from input to next paint of each interaction: the longest of its events, as INP counts (web.dev/articles/inp). */
  events(): number[];
  /** Milliseconds from a turn of the wheel to the next paint. */
  wheels(): number[];
  /** Milliseconds that each row was in view without its values. */
  blank(): number[];
}

/** Runs inside the page, before anything of it does; hence no imports and nothing from outside. */
export function watchPage(): void {
  const interactions = new Map<number, number>();
  let wheels: number[] = [];
  let blank: number[] = [];
  const since = new Map<string, number>();
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { interactionId = 0, duration } = entry as PerformanceEntry & { interactionId?: number };
      if (interactionId > 0) interactions.set(interactionId, Math.max(duration, interactions.get(interactionId) ?? 0));
    }
  }).observe({ type: 'event', durationThreshold: 16, buffered: true } as PerformanceObserverInit);
  const painted = new MessageChannel();
  const waitingWheels: number[] = [];
  // A message posted while a frame is being made arrives after it was painted.
  painted.port1.onmessage = () => {
    for (const began of waitingWheels.splice(0)) wheels.push(performance.now() - began);
  };
  addEventListener(
    'wheel',
    (event) => {
      waitingWheels.push(event.timeStamp);
      if (waitingWheels.length === 1) requestAnimationFrame(() => painted.port2.postMessage(null));
    },
    { capture: true, passive: true },
  );
  const frame = (now: number) => {
    const waiting = new Set<string>();
    for (const row of document.querySelectorAll('.xs-row.xs-wait'))
      waiting.add(row.getAttribute('aria-rowindex') ?? '');
    for (const row of waiting) if (!since.has(row)) since.set(row, now);
    for (const [row, from] of since)
      if (!waiting.has(row)) {
        blank.push(now - from);
        since.delete(row);
      }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  const watch: PageWatch = {
    events() {
      const found = [...interactions.values()];
      interactions.clear();
      return found;
    },
    wheels() {
      const found = wheels;
      wheels = [];
      return found;
    },
    blank() {
      const found = blank;
      blank = [];
      return found;
    },
  };
  Object.assign(window, { watch });
}
