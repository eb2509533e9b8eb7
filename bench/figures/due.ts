import { type Bench, customers } from '../harness/context.ts';
import { round } from '../harness/figure.ts';
import { load } from '../harness/load.ts';

/** Today's list of one of the sales team, after two years in which nobody verified anything. */
export async function measureDue(bench: Bench): Promise<void> {
  const { add, db, member, people, say } = bench;
  say('two years pass');
  await db.query(`update w_main.freshness set base_at = base_at - interval '2 years', due_at = due_at - interval '2 years',
    scored_at = scored_at - interval '2 years' where base_at > now() - interval '1 year'`);
  await db.query('vacuum (analyze) w_main.freshness');
  const { rows } = await db.query<{ n: string }>(
    `select count(*) as n from w_main.freshness where owner = $1 and due_at <= now()`,
    [people.memberId],
  );
  const ask = async () => {
    const { items } = await member.json<{ items: unknown[] }>({ path: '/api/v1/today?limit=20' });
    if (items.length === 0) throw new Error('nothing is due');
  };
  await load(ask, { connections: 1, requests: 20 });
  const found = await load(ask, { connections: 1, requests: 300 });
  add({
    name: 'due.p95',
    title: `due list of one person among ${(await customers(db)).toLocaleString('en')} customers × 12 tracked fields, p95`,
    value: found.p95,
    unit: 'ms',
    bar: { of: 'value', most: 20 },
    note: `p50 ${round(found.p50)} ms; ${Number(rows[0]?.n).toLocaleString('en')} customers of this person are due`,
  });
}
