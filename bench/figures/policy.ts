import { type Bench, customers, delay, sampleIds } from '../harness/context.ts';
import { percentile, round } from '../harness/figure.ts';

interface Policies {
  version: number;
  replan: { running: boolean; done: number; total: number };
}

const AT_ONCE = 4;
const BEFORE_MS = 10_000;
const PRESETS = ['activity', 'balanced'];

/** Another policy for everybody: how soon the page is answered, when every record has its new date, and what edits notice of it. */
export async function measurePolicy(bench: Bench): Promise<void> {
  const { add, admin, db, say } = bench;
  say('another policy for everybody');
  const size = (await customers(db)).toLocaleString('en');
  const edits = await startEdits(bench);
  await delay(BEFORE_MS);
  const before = edits.since(0);
  const now = await admin.json<Policies>({ path: '/api/v1/policies' });
  const preset = PRESETS[now.version % PRESETS.length] ?? '';
  const began = performance.now();
  await admin.send({ method: 'POST', path: `/api/v1/presets/${preset}/apply` });
  const answered = performance.now() - began;
  for (;;) {
    const { version, replan } = await admin.json<Policies>({ path: '/api/v1/policies' });
    if (version > now.version && !replan.running && replan.done >= replan.total) break;
    await delay(200);
  }
  const seconds = (performance.now() - began) / 1000;
  const during = edits.since(began);
  await edits.stop();
  const { rows } = await db.query<{ n: string }>(
    'select count(*) as n from w_main.freshness where plan_version <> (select max(plan_version) from w_main.freshness)',
  );
  if (rows[0]?.n !== '0') throw new Error(`${rows[0]?.n} records were left with the old policy`);
  const [usual, meanwhile] = [percentile(before, 95), percentile(during, 95)];
  add({
    name: 'policy.s',
    title: `policy “${preset}” switched on for ${size} customers: every due date right after`,
    value: seconds,
    unit: 's',
    bar: { of: 'value', most: 60 },
    note: `the switch itself was answered after ${round(answered)} ms`,
  });
  add({
    name: 'policy.edit',
    title: `… p95 of edits meanwhile, ${AT_ONCE} at once`,
    value: meanwhile,
    unit: 'ms',
    floor: { value: usual, unit: 'ms', what: 'the same edits before' },
    ratio: meanwhile / usual,
    bar: { of: 'ratio', most: 2 },
    note: `${during.length} edits, longest ${round(during.at(-1) ?? 0)} ms; before: ${before.length} edits`,
  });
}

/** People who edit on and on, one field of one customer each time. */
export async function startEdits({ admin, db }: Bench) {
  const { rows: sets } = await db.query<{ id: string }>(
    `select id from w_main.change_set where kind = 'import' and status = 'done' order by id limit 1`,
  );
  const ids = await sampleIds(db, sets[0]?.id ?? '', 20_000);
  const times: { at: number; ms: number }[] = [];
  let going = true;
  let next = 0;
  const person = async () => {
    while (going) {
      const i = next++;
      const change = { op: 'update', object: 'customer', id: ids[i % ids.length], set: { remark: `第 ${i} 次电话` } };
      const at = performance.now();
      await admin.send({ path: '/api/v1/records/changes', body: { changes: [change] } });
      times.push({ at, ms: performance.now() - at });
      await delay(20);
    }
  };
  const people = Promise.all(Array.from({ length: AT_ONCE }, person));
  return {
    since: (moment: number) => Float64Array.from(times.flatMap(({ at, ms }) => (at >= moment ? [ms] : []))).sort(),
    async stop() {
      going = false;
      await people;
    },
  };
}
