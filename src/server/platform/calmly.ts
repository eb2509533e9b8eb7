/** Calls once for many facts that follow each other closely. */
export function calmly(wake: () => void, ms = 1_000): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      wake();
    }, ms).unref();
  };
}
