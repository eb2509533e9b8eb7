import { AppError } from '../../../contract/errors.ts';
import type { TradeTemplate } from '../../../contract/trades.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { FieldInput, ObjectInput } from '../../records/catalog/define.ts';

type TemplateObject = TradeTemplate['objects'][number];
export type TemplateField = TemplateObject['fields'][number];

/** What installing a template does to one object. */
export interface ObjectPlan {
  wanted: TemplateObject;
  /** null: it is to be made. */
  there: ObjectDef | null;
  fields: TemplateField[];
  /** Out of use since the template was taken away, or somebody retired them: they come back. */
  returning: FieldDef[];
  kept: FieldDef[];
}

/** Compares a template with what is there. Throws before anything is changed where the two can't go together. */
export function planTrade(template: TradeTemplate, objects: readonly ObjectDef[]): ObjectPlan[] {
  const names = new Set([...objects.map(({ name }) => name), ...template.objects.map(({ name }) => name)]);
  return template.objects.map((wanted): ObjectPlan => {
    const there = objects.find(({ name }) => name === wanted.name) ?? null;
    if (!there && !(wanted.label && wanted.fields.some(({ name }) => name === wanted.title)))
      throw new AppError('trade-object', { object: wanted.name });
    const plan: ObjectPlan = { wanted, there, fields: [], returning: [], kept: [] };
    for (const field of there ? wanted.fields : inOrder(wanted.fields)) {
      if (field.target !== undefined && !names.has(field.target))
        throw new AppError('trade-target', { field: field.label.zh, target: field.target });
      const found = there?.fields.find(({ name }) => name === field.name);
      if (!found) plan.fields.push(field);
      else if (found.type !== field.type)
        throw new AppError('trade-type', {
          ...{ object: there?.label.zh ?? wanted.name, field: found.label.zh },
          ...{ from: found.type, to: field.type },
        });
      else (found.retired ? plan.returning : plan.kept).push(found);
    }
    return plan;
  });
}

/** A new object, without roll-ups and what points to objects of the same template: those come when all are there. */
export function objectOfPlan({ wanted }: ObjectPlan): ObjectInput {
  const { views: _, fields, name, label, plural, title, ...rest } = wanted;
  if (!label || !title) throw new AppError('trade-object', { object: name });
  return {
    ...rest,
    name,
    label,
    plural: plural ?? label,
    title,
    fields: inOrder(fields).filter(isFirst).map(fieldOf),
  } as ObjectInput;
}

/** Makes sense by itself. */
export const isFirst = (field: TemplateField): boolean => field.target === undefined && field.rollup === undefined;

/** Fields of a new object with the places that they have in the file, whenever each is made. */
export const inOrder = <Field extends TemplateField>(fields: readonly Field[]): (Field & { position: number })[] =>
  fields.map((field, n) => ({ ...field, position: n + 1 }));

/** One for the designer: places only where the object is the template's own. */
export const fieldOf = (field: TemplateField): FieldInput => field as FieldInput;

/** What a file says of a field, in the order in which files say it; what the engine adds is left out. */
export function asFile<Known extends object>(live: object, order: readonly string[]): Known {
  const from = live as Record<string, unknown>;
  return Object.fromEntries(order.flatMap((key) => (from[key] === undefined ? [] : [[key, from[key]]]))) as Known;
}
