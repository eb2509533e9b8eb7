import sql from 'sql-template-tag';
import type { Change } from '../../../domain/change/types.ts';
import type { Db, Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx, WriteDoor, WriteResult } from '../../records/types.ts';

/** A change that follows from something that happened, and must follow from it once only. */
export interface Caused {
  /** `interaction:ID`, `user:ID:REF`: what happened. */
  cause: string;
  kind: string;
  change: Change & { id: string };
}

/** Another process reported the same cause between our look and our write. */
class SpokenMeanwhile extends Error {}

/**
 * Writes what follows from causes that did not speak yet, as one change set; the causes are noted in the same transaction. Those that spoke before
 * come back as null.
 */
export async function writeOnce(
  deps: { db: Db; write: WriteDoor },
  ctx: Ctx,
  caused: readonly Caused[],
): Promise<{ changeSet: string | null; outcomes: (WriteResult['outcomes'][number] | null)[] }> {
  for (;;) {
    const known = await spoken(deps.db, ctx.workspace, caused);
    const seen = new Set<string>();
    const fresh = caused.filter((one) => {
      const key = keyOf(one);
      if (known.has(key) || seen.has(key)) return false;
      seen.add(key);
      return true;
    });
    if (fresh.length === 0) return { changeSet: null, outcomes: caused.map(() => null) };
    try {
      const result = await deps.write.write(
        ctx,
        fresh.map((one) => one.change),
        { atomic: false, kind: 'evidence', alongside: (tx, written) => note(tx, ctx, accepted(fresh, written)) },
      );
      // The door calls nobody when it has nothing to write; old news spoke all the same.
      if (!result.changeSet) await note(deps.db, ctx, accepted(fresh, result), true);
      const byKey = new Map(fresh.map((one, index) => [keyOf(one), result.outcomes[index] ?? null]));
      const outcomes = caused.map((one) => {
        const outcome = byKey.get(keyOf(one)) ?? null;
        byKey.delete(keyOf(one));
        return outcome;
      });
      return { changeSet: result.changeSet, outcomes };
    } catch (error) {
      if (!(error instanceof SpokenMeanwhile)) throw error;
    }
  }
}

interface Noted extends Pick<Caused, 'cause' | 'kind'> {
  record: string;
  changeSet: string | null;
}

/** What was refused may be sent again once it is mended. */
function accepted(caused: readonly Caused[], result: WriteResult): Noted[] {
  return caused.flatMap(({ cause, kind, change }, index): Noted[] => {
    const status = result.outcomes[index]?.status;
    if (status !== 'applied' && status !== 'unchanged') return [];
    return [{ cause, kind, record: change.id, changeSet: status === 'applied' ? result.changeSet : null }];
  });
}

const keyOf = ({ cause, kind, change }: Caused): string => `${cause}\n${kind}\n${change.id}`;

async function spoken(on: Queryable, workspace: string, caused: readonly Caused[]): Promise<Set<string>> {
  const causes = [...new Set(caused.map((one) => one.cause))];
  const rows = await on.query<{ cause: string; kind: string; record: string }>(
    sql`select cause, kind, record from ${tableOf(workspace, 'evidence_cause')} where cause = any(${causes})`,
  );
  return new Set(rows.map(({ cause, kind, record }) => `${cause}\n${kind}\n${record}`));
}

async function note(on: Queryable, ctx: Ctx, noted: Noted[], lenient = false): Promise<void> {
  if (noted.length === 0) return;
  const rows = await on.query(sql`
    insert into ${tableOf(ctx.workspace, 'evidence_cause')} (cause, kind, record, at, change_set)
    select cause, kind, record, ${ctx.at}::timestamptz, "changeSet" from jsonb_to_recordset(${JSON.stringify(noted)}::jsonb)
      as x(cause text, kind text, record uuid, "changeSet" uuid)
    on conflict do nothing returning 1`);
  if (!lenient && rows.length !== noted.length) throw new SpokenMeanwhile();
}
