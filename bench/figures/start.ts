import { type Bench, delay } from '../harness/context.ts';
import { median, round } from '../harness/figure.ts';
import { residentMb } from '../harness/memory.ts';

/** Memory after everything else, before anything is started anew. */
export async function measureMemory({ add, product }: Bench): Promise<void> {
  // The job thread ends after 20 seconds without work; what it held is not the server’s.
  await delay(40_000);
  add({
    name: 'memory.after.mb',
    title: 'memory of the server after the whole bench',
    value: residentMb(product.pid),
    unit: 'MB',
    bar: { of: 'value', most: 300 },
  });
}

/** Starts on the data directory that is there, from the command to the first page. */
export async function measureStart(bench: Bench): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < 3; i++) times.push(await bench.restart());
  bench.add({
    name: 'start',
    title: 'second start, to the first page',
    value: median(times) / 1000,
    unit: 's',
    bar: { of: 'value', most: 3 },
    note: `of ${times.map((ms) => round(ms / 1000)).join(', ')} s`,
  });
  await bench.admin.send({ path: '/api/v1/records/query', body: { object: 'customer' } });
  // What was woken by the start, its thread included, is through by then, unless there is work.
  await delay(45_000);
  bench.add({
    name: 'memory.rest.mb',
    title: 'memory of the server at rest',
    value: residentMb(bench.product.pid),
    unit: 'MB',
    bar: { of: 'value', most: 150 },
    note: '45 seconds after a start and a list; the job thread ends after 20 without work',
  });
}
