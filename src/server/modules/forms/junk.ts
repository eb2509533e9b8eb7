import sql from 'sql-template-tag';
import type { JUNK_KINDS } from '../../../contract/forms.ts';
import { calmly } from '../../platform/calmly.ts';
import type { Log } from '../../platform/log.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

export type JunkKind = (typeof JUNK_KINDS)[number];

/** Counts what is refused, written down once a second however much it is. A crash forgets a second of it. */
export function createJunkCount(db: Db, workspace: string, log: Log, now: () => Date) {
  let counts = new Map<string, { form: string; kind: JunkKind; n: number }>();
  const flush = async (): Promise<void> => {
    const rows = [...counts.values()];
    counts = new Map();
    if (rows.length === 0) return;
    await db.query(sql`insert into ${tableOf(workspace, 'form_junk')} as j (form, day, kind, n)
      select form, ${now()}::timestamptz::date, kind, n from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(form uuid, kind text, n int)
      where exists (select from ${tableOf(workspace, 'form')} f where f.id = x.form) order by form, kind
      on conflict (form, day, kind) do update set n = j.n + excluded.n`);
  };
  const soon = calmly(() => void flush().catch((error: unknown) => log.warn({ err: error }, 'junk not counted')));
  return {
    add(form: string, kind: JunkKind): void {
      const key = `${form} ${kind}`;
      const one = counts.get(key) ?? { form, kind, n: 0 };
      one.n++;
      counts.set(key, one);
      soon();
    },
    flush,
  };
}
