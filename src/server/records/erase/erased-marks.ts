import sql from 'sql-template-tag';
import type { FieldDef, FieldTypeName, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db, Queryable, Tx } from '../../platform/postgres/db.ts';
import { liveFields } from '../catalog/lookup.ts';
import { tableOf } from '../catalog/names.ts';
import { lookupIfOpen, openValues } from '../sealed/open-rows.ts';
import { isSealed } from '../sealed/sealed-value.ts';
import type { Lookup, Sealing } from '../sealed/sealing.ts';
import type { Ctx } from '../types.ts';
import type { Draft } from '../write/types.ts';

/** People who were erased, by keyed hashes of what tells one person from another. */
export interface ErasedMarks {
  /** Remembers how records that are about to go would be recognised. */
  keep(tx: Tx, ctx: Ctx, object: ObjectDef, ids: readonly string[], erasure: string): Promise<void>;
  /** Whether anybody was erased in the workspace at all, as far as this process knows; while nobody was, nothing is asked. */
  any(workspace: string): Promise<boolean> | boolean;
  /** Refuses drafts that enter such a person again, unless the author gives a reason; an import has none for single people. */
  notice(on: Queryable, ctx: Ctx, drafts: readonly Draft[]): Promise<void>;
  /** Of these values, those that somebody had who was erased. */
  among(on: Queryable, workspace: string, type: 'email' | 'phone', values: readonly string[]): Promise<Set<string>>;
}

/** What one person has and no other: the value as stored is hashed, whichever field it stands in. */
const TELLING: ReadonlySet<FieldTypeName> = new Set(['phone', 'email', 'idcard']);
/** How long this process may not know of a first erasure by another. */
const AGE_MS = 10_000;

const markOf = (lookup: Lookup, field: FieldDef, value: FieldValue | undefined): string | null =>
  TELLING.has(field.type) && typeof value === 'string' && value !== '' && !isSealed(value)
    ? lookup({ object: '$erased', name: field.type }, value)
    : null;

export function createErasedMarks(db: Db, sealing: Sealing): ErasedMarks {
  const known = new Map<string, { any: boolean; at: number }>();
  async function look(workspace: string): Promise<boolean> {
    const [row] = await db.query<{ any: boolean }>(
      sql`select exists (select from ${tableOf(workspace, 'erased_mark')}) as any`,
    );
    known.set(workspace, { any: row?.any ?? false, at: performance.now() });
    return row?.any ?? false;
  }
  return {
    async keep(tx, ctx, object, ids, erasure) {
      const fields = liveFields(object).filter(({ type }) => TELLING.has(type));
      const lookup = fields.length > 0 ? await lookupIfOpen(sealing, ctx.workspace) : undefined;
      if (!lookup) return;
      const rows = await tx.query<Record<string, FieldValue> & { id: string }>(
        sql`select * from ${tableOf(ctx.workspace, object.name)} where id = any(${ids}::uuid[])`,
      );
      const kept = rows.map((row) => ({ record: row.id, values: row }));
      await openValues({ db: tx, sealing }, ctx.workspace, object.name, null, kept);
      const marks = rows.flatMap((row) => fields.flatMap((field) => markOf(lookup, field, row[field.name]) ?? []));
      if (marks.length === 0) return;
      await tx.query(sql`insert into ${tableOf(ctx.workspace, 'erased_mark')} (mark, erasure, at)
        select distinct m, ${erasure}::uuid, ${ctx.at}::timestamptz from unnest(${marks}::text[]) m
        on conflict (mark) do update set erasure = excluded.erasure, at = excluded.at`);
      known.set(ctx.workspace, { any: true, at: performance.now() });
    },
    any(workspace) {
      const found = known.get(workspace);
      if (!found) return look(workspace);
      if (!found.any && performance.now() - found.at > AGE_MS) {
        // Beside the request: a first erasure elsewhere may count a moment later.
        found.at = performance.now();
        look(workspace).catch(() => undefined);
      }
      return found.any;
    },
    async notice(on, ctx, drafts) {
      const lookup = await lookupIfOpen(sealing, ctx.workspace);
      if (!lookup) return;
      const wanted = drafts
        .filter(({ change }) => change.op === 'create')
        .flatMap((draft) =>
          liveFields(draft.object).flatMap((field) => {
            const mark = markOf(lookup, field, draft.set[field.name]);
            return mark ? [{ draft, field, mark }] : [];
          }),
        );
      if (wanted.length === 0) return;
      const rows = await on.query<{ mark: string; at: Date }>(sql`
        select mark, at from ${tableOf(ctx.workspace, 'erased_mark')} where mark = any(${wanted.map(({ mark }) => mark)})`);
      const erased = new Map(rows.map(({ mark, at }) => [mark, at]));
      const explained = ctx.source !== 'import' && Boolean(ctx.reason?.trim());
      for (const { draft, field, mark } of wanted) {
        const at = erased.get(mark);
        if (!at) continue;
        const params = { date: at.toISOString().slice(0, 10) };
        draft.issues.push(
          explained
            ? { code: 'was-erased-noted', field: field.name, level: 'warning', params }
            : { code: 'was-erased', field: field.name, params },
        );
      }
    },
    async among(on, workspace, type, values) {
      const lookup =
        values.length > 0 && (await this.any(workspace)) ? await lookupIfOpen(sealing, workspace) : undefined;
      if (!lookup) return new Set();
      const byMark = new Map(values.map((value) => [lookup({ object: '$erased', name: type }, value), value]));
      const rows = await on.query<{ mark: string }>(
        sql`select mark from ${tableOf(workspace, 'erased_mark')} where mark = any(${[...byMark.keys()]}::text[])`,
      );
      return new Set(rows.flatMap(({ mark }) => byMark.get(mark) ?? []));
    },
  };
}
