import sql from 'sql-template-tag';
import type { Purpose } from '../../../contract/privacy.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { Db, Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';

interface PurposeRow extends Omit<Purpose, 'separate'> {
  [column: string]: unknown;
}

/** Purposes with their words and how many people stand how. */
export async function listPurposes(on: Queryable, workspace: string, catalog: Catalog): Promise<Purpose[]> {
  const rows = await on.query<PurposeRow>(sql`
    with newest as (select distinct on (person, purpose) purpose, state from ${tableOf(workspace, 'consent')}
      where not separate order by person, purpose, at desc, id desc),
    counted as (select purpose, count(*) filter (where state = 'given')::int as given, count(*) filter (where state <> 'given')::int as withdrawn from newest group by 1)
    select p.id, p.label, p.basis, p.fields, p.version, t.words, p.retired, p.builtin, coalesce(c.given, 0) as given, coalesce(c.withdrawn, 0) as withdrawn
    from ${tableOf(workspace, 'purpose')} p
    left join ${tableOf(workspace, 'purpose_text')} t on t.purpose = p.id and t.version = p.version
    left join counted c on c.purpose = p.id order by p.retired, p.position, p.id`);
  const sensitive = new Set(
    catalog.objects.flatMap(({ name, fields }) =>
      fields.filter(({ sensitivity }) => sensitivity === 'sensitive').map((field) => `${name}.${field.name}`),
    ),
  );
  return rows.map((row) => ({ ...row, separate: row.fields.some((field) => sensitive.has(field)) }));
}

/** Stores a purpose; words that differ are a new version, and who agreed before agreed to the old ones. */
export async function savePurpose(
  db: Db,
  ctx: Ctx,
  id: string,
  { label, basis, fields, words, retired }: Pick<Purpose, 'label' | 'basis' | 'fields' | 'words' | 'retired'>,
): Promise<void> {
  await db.tx(async (tx) => {
    const table = tableOf(ctx.workspace, 'purpose');
    await tx.query(sql`insert into ${table} as p (id, label, basis, fields, retired, version, position, updated_by)
      select ${id}, ${JSON.stringify(label)}::jsonb, ${basis}, ${fields}, ${retired}, 0, coalesce(max(position), 0) + 1, ${ctx.actor} from ${table}
      on conflict (id) do update set label = excluded.label, basis = excluded.basis, fields = excluded.fields, retired = excluded.retired,
        updated_at = now(), updated_by = excluded.updated_by`);
    const [now] = await tx.query<{ version: number; words: unknown }>(sql`select p.version, t.words from ${table} p
      left join ${tableOf(ctx.workspace, 'purpose_text')} t on t.purpose = p.id and t.version = p.version where p.id = ${id} for update of p`);
    const known = now?.words as Purpose['words'] | null | undefined;
    if (known && known.zh === words.zh && known.en === words.en) return;
    const version = (now?.version ?? 0) + 1;
    await tx.query(sql`insert into ${tableOf(ctx.workspace, 'purpose_text')} (purpose, version, words, at, by)
      values (${id}, ${version}, ${JSON.stringify(words)}::jsonb, ${ctx.at}, ${ctx.actor})`);
    await tx.query(sql`update ${table} set version = ${version} where id = ${id}`);
  });
}
