import { type Bench, customers, delay } from '../harness/context.ts';
import { cpuNow, cpuSince } from '../harness/cpu.ts';
import { round } from '../harness/figure.ts';

/** Takes the last import back, as the button does. */
export async function measureUndo(bench: Bench): Promise<void> {
  const { add, admin, db, imported, product } = bench;
  const last = imported.at(-1);
  if (!last) return;
  const before = await customers(db);
  // What people changed since, in the browser for one, stays.
  const { rows } = await db.query<{ n: string }>(
    'select count(*) as n from w_main.customer where created_in = $1 and version > 1 and deleted_at is null',
    [last.changeSet],
  );
  const touched = Number(rows[0]?.n);
  await db.query('checkpoint');
  const cpu = cpuNow(product.pid, product.dataDir);
  const began = performance.now();
  await admin.send({ method: 'POST', path: `/api/v1/imports/${last.id}/undo` });
  for (;;) {
    const { state, error } = await admin.json<{ state: string; error: unknown }>({
      path: `/api/v1/imports/${last.id}`,
    });
    if (state === 'undone') break;
    if (state !== 'undoing') throw new Error(`undo: ${state} ${JSON.stringify(error)}`);
    await delay(50);
  }
  const seconds = (performance.now() - began) / 1000;
  const spent = cpuSince(cpu, product.pid, product.dataDir);
  const gone = before - (await customers(db));
  if (gone !== last.fixture.rows - touched)
    throw new Error(`${gone} of ${last.fixture.rows} customers are gone, ${touched} had been changed since`);
  add({
    name: 'undo.import',
    title: `undo of an import of ${gone.toLocaleString('en')} rows`,
    value: seconds,
    unit: 's',
    bar: { of: 'value', most: 30 },
    note: `${touched} changed since were left alone; ${Math.round(gone / seconds).toLocaleString('en')} rows/s; processor: Node ${round(spent.node)} s, PostgreSQL ${round(spent.postgres)} s`,
  });
}
