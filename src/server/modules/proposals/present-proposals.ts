import type { z } from 'zod';
import type { proposalSchema } from '../../../contract/proposals.ts';
import { fieldType } from '../../../domain/fields/registry.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import { isRuleHold, standingOf } from '../../../domain/review/index.ts';
import type { Catalog, FieldDef, FieldValue } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { fieldOf } from '../../records/catalog/lookup.ts';
import { visibleTitles } from '../../records/read/visible-titles.ts';
import type { Ctx, ReadDoor } from '../../records/types.ts';
import { loadLaterChanges } from '../../records/write/load.ts';
import { type CurrentRecord, isVisible, loadCurrent, mayDecide } from './current-records.ts';
import type { StoredProposal } from './proposal-store.ts';

export interface PresentDeps {
  db: Db;
  read: ReadDoor;
  env: (ctx: Pick<Ctx, 'at'>) => ParseEnv;
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
}

export type Shown = z.input<typeof proposalSchema>;

/** Proposals with the three values of each field, in words; those about records the reader may not see are left out. */
export async function presentProposals(
  deps: PresentDeps,
  ctx: Ctx,
  catalog: Catalog,
  rows: StoredProposal[],
): Promise<Shown[]> {
  const records = await loadCurrent(deps.read, ctx, catalog, rows);
  const say = await speak(
    deps,
    ctx,
    catalog,
    rows.flatMap((row) => valuesOf(catalog, row, records.get(row.record))),
  );
  const outdated = rows.flatMap(({ record, version }) => {
    const now = records.get(record);
    return now && now.version > version ? [{ id: record, version }] : [];
  });
  const later = await loadLaterChanges(deps.db, { ...ctx, actor: '' }, outdated);
  const people = rows.flatMap(({ actor, owner }) => [actor, ...(owner ? [owner] : [])]);
  const changers = [...later.values()].flatMap((fields) => [...fields.values()].map(({ by }) => by));
  const names = await deps.names(ctx.workspace, [...new Set([...people, ...changers])]);
  return rows.flatMap((row) => {
    const record = records.get(row.record);
    return record ? [present(row, record, { say, names, later: later.get(row.record) })] : [];
  });
}

interface Words {
  say: (value: FieldValue, field: FieldDef) => string;
  names: Record<string, string>;
  later: Map<string, { by: string; at: Date }> | undefined;
}

function present(row: StoredProposal, record: CurrentRecord, { say, names, later }: Words): Shown {
  const { object } = record;
  return {
    id: row.id,
    at: row.at.toISOString(),
    object: row.object,
    record: row.record,
    version: record.version,
    title: record.title,
    source: row.source,
    origins: row.origins as Shown['origins'],
    actor: row.actor,
    actorName: names[row.actor] ?? '',
    owner: row.owner,
    ownerName: row.owner ? (names[row.owner] ?? '') : '',
    reason: row.reason,
    state: row.state,
    // In the order of the record's page.
    fields: object.fields.flatMap((field) => {
      const { name } = field;
      if (!(name in row.wanted) || !isVisible(record, field)) return [];
      const wanted = row.wanted[name] ?? null;
      const before = row.before[name] ?? null;
      const now = record.values[name] ?? null;
      const standing = standingOf(before, now, wanted);
      const changed = standing === 'changed' ? later?.get(name) : undefined;
      return [
        {
          field: name,
          label: field.label,
          before,
          beforeText: say(before, field),
          wanted,
          wantedText: say(wanted, field),
          nowText: say(now, field),
          standing,
          ...(changed && { changedBy: names[changed.by] ?? changed.by, changedAt: changed.at.toISOString() }),
          open: row.open.includes(name),
          mayDecide: mayDecide(record, field),
          confidence: row.confidence[name] ?? 0.5,
          ...whyOf(row, name, (amount) => say(String(amount), field)),
        },
      ];
    }),
  };
}

function whyOf({ suspicions }: StoredProposal, name: string, text: (amount: number) => string) {
  const found = suspicions?.[name];
  if (!found) return {};
  if (isRuleHold(found)) {
    const { name: rule, times, trust } = found;
    return { heldBy: { name: rule, ...(times !== undefined && { times }), ...(trust !== undefined && { trust }) } };
  }
  const { code, times, usual, meant } = found;
  const usualText = text(Number(usual.toPrecision(2)));
  return { suspicion: { code, times, usualText, ...(meant !== undefined && { meantText: text(meant) }) } };
}

function valuesOf(catalog: Catalog, row: StoredProposal, record: CurrentRecord | undefined): [FieldDef, FieldValue][] {
  const object = catalog.objects.find(({ name }) => name === row.object);
  return Object.keys(row.wanted).flatMap((name) => {
    const field = object && fieldOf(object, name);
    if (!field) return [];
    return [row.before[name], row.wanted[name], record?.values[name]].map((value): [FieldDef, FieldValue] => [
      field,
      value ?? null,
    ]);
  });
}

/** Values as the reader reads them: people by name, related records by title where he may see them. */
export async function speak(
  deps: PresentDeps,
  ctx: Ctx,
  catalog: Catalog,
  values: readonly (readonly [FieldDef, FieldValue])[],
): Promise<(value: FieldValue, field: FieldDef) => string> {
  const ids = (type: FieldDef['type']) =>
    values.flatMap(([field, value]) => (field.type === type && typeof value === 'string' ? [value] : []));
  const names = await deps.names(ctx.workspace, [...new Set(ids('user'))]);
  const related = values.flatMap(([{ type, target }, value]) =>
    type === 'relation' && target && typeof value === 'string' ? [{ object: target, record: value }] : [],
  );
  const titles = related.length > 0 ? await visibleTitles(deps.read, ctx, catalog, related) : new Map<string, string>();
  const env = deps.env(ctx);
  return (value, field) => {
    if (value === null) return '';
    const known =
      field.type === 'user' ? names[String(value)] : field.type === 'relation' ? titles.get(String(value)) : undefined;
    return known ?? fieldType(field.type).format(value, field, ctx.lang, env);
  };
}
