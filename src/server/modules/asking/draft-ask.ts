import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { fieldOf, liveFields, objectOf } from '../../records/catalog/lookup.ts';
import type { Ctx, Row } from '../../records/types.ts';
import { askableFields, shownValue } from './cells.ts';
import type { AskingDeps } from './deps.ts';

export interface FieldChoice {
  field: FieldDef;
  masked: string;
  state: 'fresh' | 'aging' | 'stale' | 'missing';
  suggested: boolean;
}

/** Someone who could be asked. `contact` null: the customer himself. */
export interface Person {
  contact: string | null;
  object: ObjectDef;
  name: string;
  email: string | null;
  phone: string | null;
  fields: FieldChoice[];
}

export interface AskDraft {
  object: ObjectDef;
  title: string;
  fields: FieldChoice[];
  people: Person[];
}

/** Contacts offered at most; more than that nobody ticks. */
const PEOPLE = 50;

/**
 * What could be asked of whom, as far as the actor may see and write it.
 * @param blanks fields of the record that are a question although they are empty and nobody keeps track of them
 */
export async function draftAsk(
  deps: AskingDeps,
  ctx: Ctx,
  name: string,
  id: string,
  blanks: readonly string[] = [],
): Promise<AskDraft> {
  const catalog = await deps.catalog.get(ctx.workspace);
  const object = objectOf(catalog, name);
  const row = await deps.read.get(ctx, name, id, { freshness: true });
  const people: Person[] = [];
  for (const child of catalog.objects.filter((candidate) => isPersonOf(candidate, object))) {
    if (!child.parent || !ctx.access.objects[child.name]?.actions.includes('read')) continue;
    const page = await deps.read.list(ctx, {
      object: child.name,
      filter: { field: child.parent, op: 'eq', value: id },
      page: { limit: PEOPLE },
      count: 'none',
      freshness: true,
    });
    for (const one of page.rows)
      people.push({ contact: one.id, object: child, ...addressOf(child, one), fields: choices(deps, ctx, child, one) });
  }
  const own = addressOf(object, row);
  // The record's own number and address count as a person where it has any, or nobody else is known.
  if (own.email !== null || own.phone !== null || people.length === 0)
    people.unshift({ contact: null, object, ...own, fields: [] });
  return { object, title: titleOf(object, row), fields: choices(deps, ctx, object, row, blanks), people };
}

const HIS = new Set<FieldDef['type']>(['phone', 'email', 'url', 'address', 'uscc', 'tree']);

/**
 * Facts that are the customer's own: how to reach him, who he is. Stages, next steps, need tags and amounts are our notes about him; whoever wants to
 * show him those ticks them by hand.
 */
function isHisToKnow(field: FieldDef): boolean {
  return HIS.has(field.type) || (field.type === 'text' && field.match !== undefined && field.match !== 'none');
}

function isPersonOf(child: ObjectDef, parent: ObjectDef): boolean {
  const relation = child.parent === undefined ? undefined : fieldOf(child, child.parent);
  const title = fieldOf(child, child.title);
  return !child.retired && relation?.target === parent.name && title?.match === 'person';
}

function choices(
  deps: AskingDeps,
  ctx: Ctx,
  object: ObjectDef,
  row: Row,
  blanks: readonly string[] = [],
): FieldChoice[] {
  const env = deps.env(ctx);
  return askableFields(object, ctx.access).flatMap((field) => {
    const value = row.values[field.name] ?? null;
    const state = row.freshness?.cells[field.name]?.state ?? (value === null ? 'missing' : 'fresh');
    // What is empty and not tracked is no question for a customer.
    if (value === null && !field.tracked && !blanks.includes(field.name)) return [];
    return [
      {
        field,
        masked: shownValue(value, field, ctx.lang, env),
        state,
        suggested: state === 'stale' && value !== null && isHisToKnow(field),
      },
    ];
  });
}

/** Name, address and number to reach someone by, from the types of his fields. */
function addressOf(object: ObjectDef, row: Row): { name: string; email: string | null; phone: string | null } {
  const fields = liveFields(object).filter((field) => !mayBeSealed(field));
  const text = (field: FieldDef | undefined): string | null => {
    const value: FieldValue = field ? (row.values[field.name] ?? null) : null;
    return typeof value === 'string' && value !== '' && !value.includes('*') ? value : null;
  };
  const first = (type: FieldDef['type']) =>
    fields
      .filter((field) => field.type === type)
      .map(text)
      .find((value) => value !== null) ?? null;
  const email = fields.find((field) => field.type === 'email');
  // The person behind a firm's address stands in the same group of fields as the address.
  const person =
    fieldOf(object, object.title)?.match === 'person'
      ? fieldOf(object, object.title)
      : fields.find((field) => field.match === 'person' && field.group === email?.group);
  return { name: text(person) ?? titleOf(object, row), email: first('email'), phone: first('phone') };
}

function titleOf(object: ObjectDef, row: Row): string {
  return String(row.values[object.title] ?? '');
}
