import type { z } from 'zod';
import type { columnMapping, importSchema, importSettings } from '../../../contract/imports.ts';
import type { Label } from '../../../domain/issue.ts';
import type { Catalog, FieldDef, ObjectDef } from '../../../domain/schema/types.ts';

export type Import = z.infer<typeof importSchema>;
export type ImportSettings = z.infer<typeof importSettings>;
export type ColumnMapping = z.infer<typeof columnMapping>;

export interface TargetGroup {
  object: string;
  label: Label;
  fields: { target: string; label: Label; required: boolean }[];
}

/** Of the template's own objects, those that a sheet of customers holds beside them; contracts and orders have sheets of their own. */
const usual: ReadonlySet<string> = new Set(['contact', 'interaction']);

/** The object a file is about, then those whose records belong to it: one sheet may hold all of them (users' ask 13). */
export function importObjects(catalog: Catalog, object: string): ObjectDef[] {
  const main = catalog.objects.find((one) => one.name === object);
  if (!main) return [];
  const children = catalog.objects.filter(
    (one) =>
      !one.retired && one.name !== object && parentOf(one)?.target === object && (!one.builtin || usual.has(one.name)),
  );
  return [main, ...children];
}

const parentOf = (object: ObjectDef): FieldDef | undefined =>
  object.fields.find((field) => field.name === object.parent);

/** Where a column can go. The relation to the parent is left out: the row itself says it. */
export function targetGroups(catalog: Catalog, object: string): TargetGroup[] {
  return importObjects(catalog, object).map((one) => ({
    object: one.name,
    label: one.label,
    fields: one.fields
      .filter((field) => !field.retired && (!field.readonly || field.type === 'autonumber'))
      .filter((field) => one.name === object || field.name !== one.parent)
      .sort((a, b) => a.position - b.position)
      .map((field) => ({
        target: `${one.name}.${field.name}`,
        label: field.label,
        required: field.required === true && field.default === undefined,
      })),
  }));
}

export type MappingProblem =
  | { code: 'taken'; column: number; by: number }
  | { code: 'required'; target: string; label: Label; object: Label }
  | { code: 'nothing' };

/** What keeps a mapping from being used: a field filled twice, a required field left out, nothing mapped at all. */
export function mappingProblems(columns: ColumnMapping[], groups: TargetGroup[]): MappingProblem[] {
  const problems: MappingProblem[] = [];
  const first = new Map<string, number>();
  for (const { column, target } of columns) {
    if (target === null) continue;
    const by = first.get(target);
    if (by === undefined) first.set(target, column);
    else problems.push({ code: 'taken', column, by });
  }
  if (first.size === 0) return [{ code: 'nothing' }];
  const used = new Set([...first.keys()].map((target) => target.split('.')[0]));
  for (const group of groups) {
    if (!used.has(group.object)) continue;
    for (const field of group.fields) {
      if (field.required && !first.has(field.target))
        problems.push({ code: 'required', target: field.target, label: field.label, object: group.label });
    }
  }
  return problems;
}

/** A person's choice for one column. */
export function withTarget(columns: ColumnMapping[], column: number, target: string | null): ColumnMapping[] {
  return columns.map((one) =>
    one.column === column ? { ...one, target, why: target === null ? 'none' : 'person', confidence: 1 } : one,
  );
}

/** Fields that may say “this row is that record”: unique ones and those that the duplicate search compares, if a column fills them. */
export function matchCandidates(
  catalog: Catalog,
  settings: ImportSettings,
): { object: ObjectDef; fields: FieldDef[] }[] {
  const filled = new Set(settings.columns.map((column) => column.target));
  return importObjects(catalog, settings.object)
    .filter((object) => !object.appendOnly)
    .map((object) => ({
      object,
      fields: object.fields.filter(
        (field) =>
          !field.retired &&
          filled.has(`${object.name}.${field.name}`) &&
          (field.unique || field.type === 'autonumber' || (field.match !== undefined && field.match !== 'none')),
      ),
    }))
    .filter(({ fields }) => fields.length > 0);
}

/** Match keys that no column fills any more would match nothing; they go. */
export function withoutDeadKeys(settings: ImportSettings): ImportSettings {
  const filled = new Set(settings.columns.map((column) => column.target));
  const matchKeys = Object.fromEntries(
    Object.entries(settings.matchKeys).map(([object, fields]) => [
      object,
      fields.filter((field) => filled.has(`${object}.${field}`)),
    ]),
  );
  return { ...settings, matchKeys };
}

export const mappedCount = (columns: ColumnMapping[]): number => columns.filter((one) => one.target !== null).length;
