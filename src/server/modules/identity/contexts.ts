let running = 0;

/**
 * better-auth keeps its context in AsyncLocalStorage. Once one was entered, Node before 24 follows every promise of the
 * process, which makes each `await` of each later request 2.8 × as dear; so they are switched off whenever nobody is
 * signing in or out. The next `run` switches them on again.
 */
export async function freeOfContexts<T>(work: () => Promise<T>): Promise<T> {
  running++;
  try {
    return await work();
  } finally {
    if (--running === 0) for (const storage of await storages()) if (running === 0) storage.disable();
  }
}

async function storages() {
  const context = await import('@better-auth/core/context');
  return Promise.all([
    context.getCurrentAuthContextAsyncLocalStorage(),
    context.getRequestStateAsyncLocalStorage(),
    context.getCurrentDBAdapterAsyncLocalStorage(),
  ]);
}
