import sql, { empty } from 'sql-template-tag';
import type { z } from 'zod';
import type { ProposalDecision, proposals } from '../../../contract/proposals.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import { fieldOf } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import { isVisible, loadCurrent } from './current-records.ts';
import { writtenValue } from './decide-proposals.ts';
import { type PresentDeps, speak } from './present-proposals.ts';
import type { StoredProposal } from './proposal-store.ts';

interface Row extends StoredProposal {
  decision_id: string;
  batch: string;
  field: string;
  decision: 'accepted' | 'rejected';
  meant: boolean;
  decision_at: Date;
  by: string;
  decision_note: string | null;
  rule: string | null;
  rules_version: number | null;
  undone_at: Date | null;
}

/** Decisions, newest first, about records and fields the reader may see. `ruleNames`: what rules are called now. */
export async function listDecisions(
  deps: PresentDeps,
  ctx: Ctx,
  catalog: Catalog,
  query: z.output<NonNullable<typeof proposals.decisions.query>> & { limit: number },
  ruleNames: (id: string, version: number) => string,
): Promise<{ decisions: ProposalDecision[]; next?: string }> {
  const rows = await deps.db.query<Row>(sql`
    select p.*, d.id as decision_id, d.batch, d.field, d.decision, d.meant, d.at as decision_at, d.by, d.note as decision_note, d.rule,
      d.rules_version, d.undone_at
    from ${tableOf(ctx.workspace, 'proposal_decision')} d join ${tableOf(ctx.workspace, 'proposal')} p on p.id = d.proposal
    where true ${query.before === undefined ? empty : sql`and d.id < ${query.before}::uuid`}
      ${query.by === 'rules' ? sql`and d.rule is not null` : empty}
      ${query.by === 'me' ? sql`and d.by = ${ctx.actor} and d.rule is null` : empty}
      ${query.rule === undefined ? empty : sql`and d.rule = ${query.rule}::uuid`}
    order by d.id desc limit ${query.limit}`);
  const records = await loadCurrent(deps.read, ctx, catalog, rows);
  const seen = rows.flatMap((row) => {
    const record = records.get(row.record);
    const field = record && fieldOf(record.object, row.field);
    return record && field && isVisible(record, field) ? [{ row, record, field }] : [];
  });
  const written = ({ row }: (typeof seen)[number]) => writtenValue(row, row.field, row.meant ? 'meant' : 'accept');
  const say = await speak(
    deps,
    ctx,
    catalog,
    seen.flatMap((one) => [
      [one.field, one.row.before[one.row.field] ?? null] as const,
      [one.field, written(one)] as const,
    ]),
  );
  const names = await deps.names(ctx.workspace, [...new Set(seen.map(({ row }) => row.by))]);
  const last = rows.at(-1);
  return {
    decisions: seen.map((one) => {
      const { row, record, field } = one;
      return {
        id: row.decision_id,
        batch: row.batch,
        at: row.decision_at.toISOString(),
        proposal: row.id,
        object: row.object,
        record: row.record,
        title: record.title,
        origins: row.origins as ProposalDecision['origins'],
        field: row.field,
        label: field.label,
        decision: row.decision,
        meant: row.meant,
        beforeText: say(row.before[row.field] ?? null, field),
        valueText: say(written(one), field),
        by: row.by,
        byName: names[row.by] ?? '',
        rule:
          row.rule === null
            ? null
            : {
                id: row.rule,
                name: ruleNames(row.rule, row.rules_version ?? 0),
                version: row.rules_version ?? 0,
              },
        note: row.decision_note,
        mayUndo: row.undone_at === null && (ctx.access.admin || row.by === ctx.actor),
        undoneAt: row.undone_at?.toISOString() ?? null,
      };
    }),
    ...(rows.length === query.limit && last && { next: last.decision_id }),
  };
}
