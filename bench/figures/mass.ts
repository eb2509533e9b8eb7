import { type Bench, customers, delay } from '../harness/context.ts';
import { cpuNow, cpuSince } from '../harness/cpu.ts';
import { percentile, round } from '../harness/figure.ts';
import { importAgain } from './import.ts';
import { startEdits } from './policy.ts';

interface Run {
  id: string;
  state: string;
  changeSet: string | null;
  error: unknown;
  result: { change: number; same: number; refused: { code: string; count: number }[] } | null;
}

const BEFORE_MS = 10_000;
/** A field that is neither tracked nor searched, one that is tracked (its due dates follow), and a verification. */
const ACTIONS = [
  {
    name: 'mass.1m',
    what: 'one field set',
    action: (value: number) => ({ kind: 'set', field: 'followup_method', value: ['phone', 'visit'][value] }),
  },
  {
    name: 'mass.tracked',
    what: 'a tracked field set, every due date with it',
    action: (value: number) => ({ kind: 'set', field: 'size', value: ['s', 'm'][value] }),
  },
  {
    name: 'mass.verify',
    what: 'one field verified',
    action: () => ({ kind: 'verify', fields: ['name'], method: 'phone' }),
  },
] as const;

/** One change to every customer while people go on editing, and its undo. */
export async function measureMass(bench: Bench): Promise<void> {
  // The undo measured before has taken half of them away.
  if ((await customers(bench.db)) < bench.imported.reduce((sum, { fixture }) => sum + fixture.rows, 0))
    await importAgain(bench);
  for (const one of ACTIONS) {
    const first = one.name === 'mass.1m';
    const run = await measureOne(bench, one.name, one.what, one.action, first);
    if (first && run) await measureUndo(bench, run);
  }
}

async function measureOne(
  bench: Bench,
  name: string,
  what: string,
  actionOf: (value: number) => unknown,
  withEdits: boolean,
): Promise<Run | null> {
  const { add, admin, db, say, product } = bench;
  const total = await customers(db);
  say(`mass operation: ${what} in ${total.toLocaleString('en')} customers`);
  await db.query('checkpoint');
  const edits = await startEdits(bench);
  await delay(BEFORE_MS);
  const before = edits.since(0);
  const looked = performance.now();
  let run = await create(admin, actionOf(0));
  // On a data directory of an earlier run it may be so already.
  if ((await preview(admin, run.id)).change < total / 2) run = await create(admin, actionOf(1));
  const { change } = await preview(admin, run.id);
  const lookedFor = performance.now() - looked;
  const cpu = cpuNow(product.pid, product.dataDir);
  const began = performance.now();
  await admin.send({ method: 'POST', path: `/api/v1/mass/${run.id}/start` });
  const done = await until(admin, run.id);
  const seconds = (performance.now() - began) / 1000;
  const during = edits.since(began);
  const spent = cpuSince(cpu, product.pid, product.dataDir);
  await edits.stop();
  const { rows } = await db.query<{ n: string }>('select count(*) as n from w_main.delta where change_set = $1', [
    done.changeSet,
  ]);
  if (Number(rows[0]?.n) !== done.result?.change)
    throw new Error(`${rows[0]?.n} history rows: ${JSON.stringify(done)}`);
  const [usual, meanwhile] = [percentile(before, 95), percentile(during, 95)];
  add({
    name: `${name}.s`,
    title: `${what} in all ${change.toLocaleString('en')} customers that match`,
    value: seconds,
    unit: 's',
    ...(name === 'mass.1m' && { bar: { of: 'value' as const, most: 60 } }),
    note: `${Math.round(change / seconds).toLocaleString('en')} rows/s, history of each; counted beforehand in ${round(lookedFor / 1000)} s; refused ${JSON.stringify(done.result?.refused)}; processor: Node ${round(spent.node)} s, PostgreSQL ${round(spent.postgres)} s`,
  });
  add({
    name: name === 'mass.1m' ? 'mass.edit.p95.ratio' : `${name}.edit`,
    title: '… p95 of edits meanwhile, 4 at once',
    value: meanwhile,
    unit: 'ms',
    floor: { value: usual, unit: 'ms', what: 'the same edits before' },
    ratio: meanwhile / usual,
    bar: { of: 'ratio', most: 3 },
    note: `${during.length} edits, longest ${round(during.at(-1) ?? 0)} ms; before: ${before.length} edits`,
  });
  return withEdits ? done : null;
}

async function measureUndo({ add, admin, db }: Bench, run: Run): Promise<void> {
  await db.query('checkpoint');
  const began = performance.now();
  const undo = await admin.json<Run>({ path: '/api/v1/mass/undo', body: { changeSet: run.changeSet } });
  const done = await until(admin, undo.id);
  const seconds = (performance.now() - began) / 1000;
  const [left] = done.result?.refused ?? [];
  add({
    name: 'mass.undo.s',
    title: `… taken back as one, ${(done.result?.change ?? 0).toLocaleString('en')} customers`,
    value: seconds,
    unit: 's',
    bar: { of: 'value', most: 120 },
    note: `${left?.count ?? 0} changed since were left alone`,
  });
}

function create(admin: Bench['admin'], action: unknown): Promise<Run> {
  return admin.json<Run>({ path: '/api/v1/mass', body: { target: { object: 'customer' }, action } });
}

async function preview(admin: Bench['admin'], id: string): Promise<{ change: number }> {
  for (;;) {
    const run = await admin.json<Run & { preview: { change: number } | null }>({ path: `/api/v1/mass/${id}` });
    if (run.preview) return run.preview;
    if (run.state === 'failed') throw new Error(JSON.stringify(run.error));
    await delay(100);
  }
}

async function until(admin: Bench['admin'], id: string): Promise<Run> {
  for (;;) {
    const run = await admin.json<Run>({ path: `/api/v1/mass/${id}` });
    if (run.state === 'done') return run;
    if (run.state !== 'running') throw new Error(`mass: ${run.state} ${JSON.stringify(run.error)}`);
    await delay(100);
  }
}
