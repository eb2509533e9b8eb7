import { type Bench, sampleIds } from '../harness/context.ts';
import { cpuNote } from '../harness/cpu.ts';
import { round } from '../harness/figure.ts';
import { openFloors } from '../harness/floors.ts';
import { compare } from '../harness/load.ts';
import { EDITED } from '../harness/thin-queries.ts';

/** Edits of one field, sixteen people at once, each with its history row, change set, freshness and event. */
export async function measureEdits(bench: Bench, when?: 'indexed'): Promise<void> {
  const { add, admin, db, options } = bench;
  const floors = await openFloors(bench);
  const connections = 16;
  const requests = 640;
  const rounds = options.rounds;
  try {
    const { rows: sets } = await db.query<{ id: string }>(
      `select id from w_main.change_set where kind = 'import' and status = 'done' order by id limit 1`,
    );
    const ids = await sampleIds(db, sets[0]?.id ?? '', requests * (rounds + 1));
    if (ids.length === 0) throw new Error('nothing to edit');
    // On a data directory of an earlier run they have been edited before.
    const { rows: now } = await db.query<{ id: string; version: number; level: string | null }>(
      'select id, version, level from w_main.customer where id = any($1)',
      [ids],
    );
    const versions = new Map(now.map(({ id, version }) => [id, version]));
    const levels = new Map(now.map(({ id, level }) => [id, level]));
    const before = await count(db, 'w_main.delta');
    // Over the same customers again, other values: what was written before was salted with fewer deltas.
    const salt = before % 1_000_000;
    const beforeSets = await count(db, 'w_main.change_set');
    let edits = 0;
    const change = (i: number) => {
      const id = ids[i % ids.length] ?? '';
      const field = EDITED[i % EDITED.length] ?? 'level';
      return { id, field, value: field === 'level' ? otherLevel(levels.get(id)) : newValue(field, i + salt) };
    };
    const found = await compare(
      {
        product: async (i) => {
          const { id, field, value } = change(i);
          const reply = await admin.json<{ outcomes: { status: string; version: number }[] }>({
            path: '/api/v1/records/changes',
            body: {
              changes: [
                { op: 'update', object: 'customer', id, version: versions.get(id) ?? 1, set: { [field]: value } },
              ],
            },
          });
          const [outcome] = reply.outcomes;
          if (outcome?.status !== 'applied') throw new Error(JSON.stringify(reply));
          edits++;
          versions.set(id, outcome.version);
          if (field === 'level') levels.set(id, value);
        },
        thin: (i) => {
          const { id, field, value } = change(i);
          return floors.thin(`edit.${field}`, [id, value, 'user:bench']);
        },
        bare: (i) => {
          const { id, field, value } = change(i);
          return floors.bare(`edit.${field}`, [id, value, 'user:bench']);
        },
      },
      { connections, requests, rounds, warmUp: requests, cpu: floors.cpu },
    );
    const deltas = (await count(db, 'w_main.delta')) - before;
    const made = (await count(db, 'w_main.change_set')) - beforeSets;
    if (deltas !== edits || made !== edits)
      throw new Error(`${edits} edits, ${deltas} history rows, ${made} change sets`);
    const { product, thin, bare } = found.of;
    add({
      name: when ? `edit.16.${when}` : 'edit.16',
      title: when
        ? `… with ${await indexes(db)} indexes, made for whoever sorted by those columns`
        : `edits of one field, 16 at once, one history row each, ${await indexes(db)} indexes`,
      value: product.rate,
      unit: '/s',
      floor: { value: thin.rate, unit: '/s', what: 'thin server' },
      ratio: found.ratio('rate', 'product', 'thin'),
      ...(!when && { bar: { of: 'ratio' as const, least: 0.5 } }),
      note: `p95 ${round(product.p95)} (thin ${round(thin.p95)}) ms; bare driver ${Math.round(bare.rate)}/s; ${cpuNote(found.cpu.product, found.cpu.thin)}`,
    });
  } finally {
    await floors.close();
  }
}

const otherLevel = (level: string | null | undefined): string => (level === 'a' ? 'b' : level === 'b' ? 'c' : 'a');

/** Never the value that is there: it carries the number of the edit. */
function newValue(field: (typeof EDITED)[number], i: number): string {
  if (field === 'contact_title') return `采购经理${i}`;
  if (field === 'mobile') return `+861390${String(1_000_000 + i).slice(-7)}`;
  return `第 ${i} 次修改，客户要求月底前报价`;
}

async function count(db: Bench['db'], table: string): Promise<number> {
  const { rows } = await db.query<{ n: string }>(`select count(*) as n from ${table}`);
  return Number(rows[0]?.n);
}

async function indexes(db: Bench['db']): Promise<number> {
  const { rows } = await db.query<{ n: string }>(
    `select count(*) as n from pg_indexes where schemaname = 'w_main' and tablename = 'customer'`,
  );
  return Number(rows[0]?.n);
}
