export interface GatherOptions<In> {
  /** Inputs of one batch at most. */
  most: number;
  /** Milliseconds after which the next batch no longer waits for the one under way: it may be waiting for a lock. */
  patience: number;
  /** Inputs of which this is the same are never in one batch. */
  apart?: (input: In) => string;
}

interface Waiting<In, Out> {
  input: In;
  resolve: (out: Out) => void;
  reject: (error: unknown) => void;
}

/**
 * Does for many callers at once what each asks for: who comes while a batch of the same key is under way is in the next
 * one. Who comes alone waits for nobody. When `work` throws for several, it is called again for each alone, so that one
 * caller's error is not the others'.
 * @param work answers in the order of its inputs
 */
export function gather<In, Out>(
  work: (inputs: In[]) => Promise<Out[]>,
  options: GatherOptions<In>,
): (key: string, input: In) => Promise<Out> {
  /** Of each key with a batch under way: who waits for the next. */
  const queues = new Map<string, Waiting<In, Out>[]>();

  async function alone({ input, resolve, reject }: Waiting<In, Out>): Promise<void> {
    try {
      const [out] = await work([input]);
      resolve(out as Out);
    } catch (error) {
      reject(error);
    }
  }

  async function together(batch: Waiting<In, Out>[]): Promise<void> {
    const [first] = batch;
    if (batch.length === 1 && first) return alone(first);
    let outs: Out[];
    try {
      outs = await work(batch.map(({ input }) => input));
    } catch {
      await Promise.all(batch.map(alone));
      return;
    }
    for (const [place, { resolve }] of batch.entries()) resolve(outs[place] as Out);
  }

  function next(key: string): void {
    const batch = take(queues.get(key) ?? [], options);
    if (batch.length === 0) {
      queues.delete(key);
      return;
    }
    let passed = false;
    const pass = () => {
      if (passed) return;
      passed = true;
      clearTimeout(timer);
      next(key);
    };
    const timer = setTimeout(pass, options.patience);
    void together(batch).then(pass);
  }

  return (key, input) =>
    new Promise((resolve, reject) => {
      const waiting = queues.get(key);
      if (waiting) waiting.push({ input, resolve, reject });
      else {
        queues.set(key, [{ input, resolve, reject }]);
        next(key);
      }
    });
}

/** The next batch, oldest first; what must be apart from one of them stays. */
function take<In, Out>(waiting: Waiting<In, Out>[], { most, apart }: GatherOptions<In>): Waiting<In, Out>[] {
  const batch: Waiting<In, Out>[] = [];
  const seen = new Set<string>();
  for (let place = 0; place < waiting.length && batch.length < most; ) {
    const entry = waiting[place];
    if (!entry) break;
    const mark = apart?.(entry.input);
    if (mark !== undefined && seen.has(mark)) place++;
    else {
      if (mark !== undefined) seen.add(mark);
      batch.push(entry);
      waiting.splice(place, 1);
    }
  }
  return batch;
}
