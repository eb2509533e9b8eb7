import type { z } from 'zod';
import type { evidenceItemSchema } from '../../../contract/evidence.ts';
import { issueSentence } from '../../../contract/issue-sentence.ts';
import { modeOf } from '../../../domain/access/reach.ts';
import type { Change, VerifyMethod } from '../../../domain/change/types.ts';
import { parseField } from '../../../domain/fields/parse-field.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import type { Issue } from '../../../domain/issue.ts';
import type { Catalog, FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { fieldOf, objectOf } from '../../records/catalog/lookup.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, ReadDoor, WriteDoor } from '../../records/types.ts';
import { type Caused, writeOnce } from './causes.ts';

export type EvidenceItem = z.output<typeof evidenceItemSchema>;

export interface EvidenceOutcome {
  status: 'applied' | 'unchanged' | 'duplicate' | 'not-found' | 'rejected';
  records: string[];
  issues?: Issue[];
}

export interface ReportDeps {
  db: Db;
  read: ReadDoor;
  write: WriteDoor;
  catalog: CatalogStore;
  env: (ctx: Ctx) => ParseEnv;
}

const METHODS: readonly string[] = [
  'phone',
  'visit',
  'mail',
  'customer',
  'registry',
  'document',
  'other',
] satisfies VerifyMethod[];

/** Takes what outside systems saw to the write door, each event once; records are named by id or found by a value. */
export async function reportEvidence(
  deps: ReportDeps,
  ctx: Ctx,
  items: readonly EvidenceItem[],
): Promise<{ changeSet: string | null; outcomes: EvidenceOutcome[] }> {
  const catalog = await deps.catalog.get(ctx.workspace);
  const found = await findRecords(deps, ctx, catalog, items);
  const caused = items.flatMap((item, index) =>
    (found[index]?.records ?? []).map((id): Caused & { index: number } => ({
      index,
      cause: `${ctx.actor}:${item.ref}`,
      kind: item.kind,
      change: changeOf(item, id),
    })),
  );
  const { changeSet, outcomes } = await writeOnce(deps, ctx, caused);
  const perItem = items.map((item, index): EvidenceOutcome => {
    const { records = [], issues } = found[index] ?? {};
    if (issues) return { status: 'rejected', records, issues: spoken(ctx, catalog, item, issues) };
    const mine = outcomes.filter((_, at) => caused[at]?.index === index);
    const told = mine.filter((outcome) => outcome !== null);
    const refused = told.flatMap((outcome) => outcome.issues ?? []);
    if (records.length === 0) return { status: 'not-found', records };
    if (told.length === 0) return { status: 'duplicate', records };
    if (told.some((outcome) => outcome.status === 'applied')) return { status: 'applied', records };
    if (refused.length > 0) return { status: 'rejected', records, issues: spoken(ctx, catalog, item, refused) };
    return { status: 'unchanged', records };
  });
  return { changeSet, outcomes: perItem };
}

function changeOf(item: EvidenceItem, id: string): Change & { id: string } {
  const { object, kind, fields, at } = item;
  const when = at === undefined ? {} : { at };
  if (METHODS.includes(kind))
    return { op: 'update', object, id, verify: { fields: fields ?? [], method: kind as VerifyMethod, ...when } };
  return { op: 'update', object, id, evidence: { kind, ...(fields && { fields }), ...when } };
}

interface Found {
  records: string[];
  issues?: Issue[];
}

/** Records each item is about. Values are looked up in the caller's rows and fields only, a hundred at a time. */
async function findRecords(
  deps: ReportDeps,
  ctx: Ctx,
  catalog: Catalog,
  items: readonly EvidenceItem[],
): Promise<Found[]> {
  const found: Found[] = items.map(() => ({ records: [] }));
  const wanted = new Map<string, { object: ObjectDef; field: FieldDef; places: Map<string, number[]> }>();
  for (const [index, item] of items.entries()) {
    const asked = lookUp(deps, ctx, catalog, item);
    if ('records' in asked) found[index] = asked;
    else {
      const key = `${item.object}.${asked.field.name}`;
      const group = wanted.get(key) ?? { object: asked.object, field: asked.field, places: new Map() };
      group.places.set(asked.value, [...(group.places.get(asked.value) ?? []), index]);
      wanted.set(key, group);
    }
  }
  for (const { object, field, places } of wanted.values()) {
    const values = [...places.keys()];
    for (let at = 0; at < values.length; at += 100) {
      const page = await deps.read.list(ctx, {
        object: object.name,
        fields: [field.name],
        filter: { field: field.name, op: 'in', value: values.slice(at, at + 100) },
        page: { limit: 500 },
        count: 'none',
      });
      for (const row of page.rows)
        for (const index of places.get(String(row.values[field.name]).toLowerCase()) ?? [])
          found[index]?.records.push(row.id);
    }
  }
  return found;
}

function lookUp(
  deps: ReportDeps,
  ctx: Ctx,
  catalog: Catalog,
  item: EvidenceItem,
): Found | { object: ObjectDef; field: FieldDef; value: string } {
  const refuse = (issue: Issue): Found => ({ records: [], issues: [issue] });
  if (METHODS.includes(item.kind) && !item.fields?.length)
    return refuse({ code: 'evidence-of-nothing', params: { kind: item.kind } });
  if (item.id !== undefined) return { records: [item.id] };
  if (!item.match) return refuse({ code: 'record-unknown' });
  const object = objectOf(catalog, item.object);
  const field = fieldOf(object, item.match.field);
  // What the caller can't read he can't search by either: it is not there.
  const mode = field && modeOf(ctx.access.objects[object.name], field.name);
  if (!field || field.retired || (mode !== 'read' && mode !== 'edit'))
    return refuse({ code: 'field-unknown', field: item.match.field, params: { name: item.match.field } });
  const parsed = parseField(item.match.value, field, deps.env(ctx));
  if (!parsed.ok) return refuse({ ...parsed.issue, field: field.name });
  return parsed.value === null ? { records: [] } : { object, field, value: String(parsed.value).toLowerCase() };
}

function spoken(ctx: Ctx, catalog: Catalog, item: EvidenceItem, issues: Issue[]): Issue[] {
  const object = catalog.objects.find((candidate) => candidate.name === item.object);
  return issues.map((issue) => ({ ...issue, message: issueSentence(issue, object, ctx.lang) }));
}
