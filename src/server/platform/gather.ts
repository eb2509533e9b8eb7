export interface GatherOptions<In> {
  /** Inputs of one batch at most. */
  most: number;
  /** Batches of one key under way at once: while the database works on one, the next is put together. */
  abreast: number;
  /** Milliseconds after which a batch is no longer waited for: it may itself be waiting for a lock. */
  patience: number;
  /** Inputs of which this is the same are never under way together. */
  apart?: (input: In) => string;
}

interface Waiting<In, Out> {
  input: In;
  resolve: (out: Out) => void;
  reject: (error: unknown) => void;
}

/** What is asked of one key. */
interface Queue<In, Out> {
  waiting: Waiting<In, Out>[];
  /** Batches that the next one waits for. */
  ahead: number;
  /** Batches without an answer yet, and the marks of their inputs. */
  open: number;
  marks: Set<string>;
}

/**
 * Does for many callers at once what each asks for: who comes while enough batches of the same key are under way is in
 * the next one. Who comes alone waits for nobody. When `work` throws for several, it is called again for each alone, so
 * that one caller's error is not the others'.
 * @param work answers in the order of its inputs
 */
export function gather<In, Out>(
  work: (inputs: In[]) => Promise<Out[]>,
  options: GatherOptions<In>,
): (key: string, input: In) => Promise<Out> {
  const queues = new Map<string, Queue<In, Out>>();

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

  function start(key: string, queue: Queue<In, Out>): void {
    while (queue.ahead < options.abreast) {
      const { batch, marks } = take(queue, options);
      if (batch.length === 0) break;
      run(key, queue, batch, marks);
    }
    if (queue.open === 0 && queue.waiting.length === 0) queues.delete(key);
  }

  function run(key: string, queue: Queue<In, Out>, batch: Waiting<In, Out>[], marks: string[]): void {
    queue.ahead++;
    queue.open++;
    let passed = false;
    const pass = () => {
      if (!passed) queue.ahead--;
      passed = true;
      clearTimeout(timer);
      start(key, queue);
    };
    const timer = setTimeout(pass, options.patience);
    void together(batch).then(() => {
      queue.open--;
      for (const mark of marks) queue.marks.delete(mark);
      pass();
    });
  }

  return (key, input) =>
    new Promise((resolve, reject) => {
      const queue = queues.get(key) ?? { waiting: [], ahead: 0, open: 0, marks: new Set<string>() };
      queues.set(key, queue);
      queue.waiting.push({ input, resolve, reject });
      start(key, queue);
    });
}

/** The next batch, oldest first; what must be apart from one of them, or from one under way, stays. */
function take<In, Out>(
  { waiting, marks: seen }: Queue<In, Out>,
  { most, apart }: GatherOptions<In>,
): { batch: Waiting<In, Out>[]; marks: string[] } {
  const batch: Waiting<In, Out>[] = [];
  const marks: string[] = [];
  for (let place = 0; place < waiting.length && batch.length < most; ) {
    const entry = waiting[place];
    if (!entry) break;
    const mark = apart?.(entry.input);
    if (mark !== undefined && seen.has(mark)) {
      place++;
      continue;
    }
    if (mark !== undefined) {
      seen.add(mark);
      marks.push(mark);
    }
    batch.push(entry);
    waiting.splice(place, 1);
  }
  return { batch, marks };
}
