import sql from 'sql-template-tag';
import type { Finding } from '../../../domain/freshness/observe.ts';
import { type SoftFinding, type SoftLine, settleWithSoft } from '../../../domain/freshness/soft.ts';
import type { CellTuple } from '../../../domain/freshness/tuple.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

type Line = SoftFinding & { changeSet: string; weight: number };

/** Notes what signals of one change set told. */
export async function insertSoft(tx: Tx, workspace: string, changeSet: string, soft: SoftFinding[]): Promise<void> {
  await insertLines(
    tx,
    workspace,
    soft.map((finding) => ({ ...finding, changeSet, weight: 1 })),
  );
}

async function insertLines(tx: Tx, workspace: string, lines: Line[]): Promise<void> {
  if (lines.length === 0) return;
  const payload = lines.map((line) => ({ ...line, at: new Date(line.at).toISOString() }));
  await tx.query(sql`
    insert into ${tableOf(workspace, 'soft_observation')} (record, field, at, age, outcome, share, kind, change_set, weight)
    select record, field, at, age, outcome, share, kind, "changeSet", weight from jsonb_to_recordset(${JSON.stringify(payload)}::jsonb)
      as x(record uuid, field int, at timestamptz, age real, outcome "char", share real, kind text, "changeSet" uuid, weight smallint)`);
}

/** Takes back what an undone set of evidence told, or gives it back when the undo is undone. */
export async function turnSoft(tx: Tx, workspace: string, changeSet: string, weight: 1 | -1): Promise<void> {
  const table = tableOf(workspace, 'soft_observation');
  await tx.query(sql`
    insert into ${table} (record, field, at, age, outcome, share, kind, change_set, weight)
    select record, field, at, age, outcome, share, kind, change_set, ${weight}::smallint from ${table}
    where change_set = ${changeSet}::uuid group by record, field, at, age, outcome, share, kind, change_set
    having (sum(weight) > 0) = ${weight < 0}::boolean`);
}

/**
 * Finds on values that signals had spoken of: their age loses what was counted already, and doubt that is now settled is taken back. Changes `age` of
 * the findings.
 */
export async function settleFindings(
  tx: Tx,
  workspace: string,
  findings: (Finding & { signalled: CellTuple | null })[],
  weight: 1 | -1,
): Promise<void> {
  const spoken = findings.filter((finding) => finding.signalled !== null);
  if (spoken.length === 0) return;
  const rows = await tx.query<Omit<Line, 'at'> & { at: Date } & Record<string, unknown>>(sql`
    select record, field, at, age, outcome, share, kind, change_set as "changeSet", sum(weight)::int as weight
    from ${tableOf(workspace, 'soft_observation')} where record = any(${[...new Set(spoken.map((one) => one.record))]}::uuid[])
    group by record, field, at, age, outcome, share, kind, change_set`);
  const lines = rows.map((row): SoftLine & Line => ({ ...row, at: row.at.getTime() }));
  const taken: Line[] = [];
  for (const finding of spoken) {
    const mine = lines.filter(({ record, field }) => record === finding.record && field === finding.field);
    if (!finding.signalled || mine.length === 0) continue;
    const settled = settleWithSoft(finding, finding.signalled, mine, weight);
    finding.age = settled.age;
    for (const line of lines) if (settled.taken.includes(line)) taken.push({ ...line, weight: -weight });
  }
  await insertLines(tx, workspace, taken);
}
