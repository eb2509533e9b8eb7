import sql from 'sql-template-tag';
import { EVIDENCE, type EvidenceKind } from '../../../domain/freshness/cell.ts';
import type { Queryable, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** A row of the table of kinds as a workspace has it. */
export interface KindRow extends EvidenceKind {
  /** Differs from the product's default, or is the workspace's own. */
  edited: boolean;
}

type Definition = Partial<Omit<EvidenceKind, 'kind'>> & { off?: boolean };

/** The workspace's table of evidence kinds: the defaults, with what an administrator changed, added or switched off. */
export async function readKinds(on: Queryable, workspace: string): Promise<KindRow[]> {
  return (await listKinds(on, workspace)).filter((row) => !row.off);
}

/** The same with those that are switched off, for the administrator's table. */
export async function listKinds(on: Queryable, workspace: string): Promise<(KindRow & { off?: boolean })[]> {
  const rows = await on.query<{ kind: string; definition: Definition }>(
    sql`select kind, definition from ${tableOf(workspace, 'evidence_kind')} order by at, kind`,
  );
  const edited = new Map(rows.map((row) => [row.kind, row.definition]));
  const defaults = EVIDENCE.map((kind) => ({ ...kind, ...edited.get(kind.kind), edited: edited.has(kind.kind) }));
  const own = rows
    .filter(({ kind }) => !EVIDENCE.some((known) => known.kind === kind))
    .map(({ kind, definition }) => ({ label: { zh: kind, en: kind }, ...definition, kind, edited: true }));
  return [...defaults, ...own];
}

/** Changes or adds a row; null takes a row of the workspace away and brings the default back. */
export async function saveKind(
  tx: Tx,
  workspace: string,
  author: string,
  kind: string,
  definition: Definition | null,
): Promise<void> {
  const table = tableOf(workspace, 'evidence_kind');
  if (definition === null) await tx.query(sql`delete from ${table} where kind = ${kind}`);
  else
    await tx.query(sql`insert into ${table} (kind, definition, author) values (${kind}, ${JSON.stringify(definition)}, ${author})
      on conflict (kind) do update set definition = excluded.definition, author = excluded.author, at = now()`);
}
