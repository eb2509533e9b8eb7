import { AppError } from '../../../contract/errors.ts';
import { localDay } from '../../../domain/fields/calendar.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { daysBetween, nextYearly } from '../../../domain/occasion/next.ts';
import { stageField, stagesOf } from '../../../domain/schema/stages.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, Page, ReadDoor, Row } from '../../records/types.ts';
import { childrenOf, isReadable } from './children.ts';

interface Deps {
  read: ReadDoor;
  catalog: CatalogStore;
  env: (ctx: Ctx) => { timeZone: string };
}

/** A day worth remembering about a record or what belongs to it. */
export interface Occasion {
  object: string;
  id: string;
  title: string;
  field: string;
  /** The day itself. */
  day: string;
  /** When it is next, `YYYY-MM-DD`; of a day that comes once, the day. */
  next: string;
  /** From today. */
  days: number;
}

export interface RelatedReply {
  children: { object: string; field: string; page: Page }[];
  dates: Occasion[];
}

/** Records of a child that are shown before “all of them”. */
const FEW = 5;
/** People of one customer that a chain of decisions is drawn of. */
const CHAIN = 60;
/** Days ahead and back that are worth showing. */
const AHEAD = 400;
const BACK = 30;
const MOST_DATES = 12;

/** What belongs to a record, object by object, newest first, with the days to remember: one answer for the page beside the timeline. */
export async function related(
  deps: Deps,
  ctx: Ctx,
  object: string,
  id: string,
  asOf: string | undefined,
): Promise<RelatedReply> {
  const catalog = await deps.catalog.get(ctx.workspace);
  const own = catalog.objects.find((one) => one.name === object);
  if (!own) throw new AppError('object-unknown', { object });
  const children = childrenOf(catalog, ctx, object).filter((child) => !child.object.appendOnly);
  const [pages, dates] = await Promise.all([
    Promise.all(
      children.map(({ object: child, parent }) => {
        const chain = child.fields.some((field) => field.chain && !field.retired);
        return deps.read.list(ctx, {
          object: child.name,
          filter: { field: parent.name, op: 'eq', value: id },
          page: { limit: chain ? CHAIN : FEW },
          count: 'capped',
          freshness: asOf === undefined,
          ...(asOf !== undefined && { asOf }),
        });
      }),
    ),
    asOf === undefined ? readDates(deps, ctx, own, id, children) : [],
  ]);
  return {
    children: children.map((child, i) => ({
      object: child.object.name,
      field: child.parent.name,
      page: pages[i] ?? { rows: [] },
    })),
    dates,
  };
}

/** Days of the record and of what belongs to it, soonest first. */
async function readDates(
  { read, env }: Deps,
  ctx: Ctx,
  own: ObjectDef,
  id: string,
  children: ReturnType<typeof childrenOf>,
): Promise<Occasion[]> {
  const today = localDay(ctx.at, env(ctx).timeZone);
  const marked = (object: ObjectDef) =>
    object.fields.filter((field) => field.occasion && !field.retired && isReadable(ctx, object, field.name));
  const asked: { object: ObjectDef; of: Filter; fields: FieldDef[] }[] = [
    { object: own, of: { field: '$id', op: 'eq', value: id }, fields: marked(own) },
    ...children.map(({ object, parent }) => ({
      object,
      of: { field: parent.name, op: 'eq', value: id } as Filter,
      fields: marked(object),
    })),
  ];
  const found = await Promise.all(
    asked
      .filter(({ fields }) => fields.length > 0)
      .map(async ({ object, of, fields }) => {
        // A date of something that is over reminds of nothing: a deal won, a payment received.
        const open = stillOpen(ctx, object);
        const near = fields.map(
          (field): Filter =>
            field.occasion === 'yearly'
              ? { field: field.name, op: 'notEmpty' }
              : {
                  all: [
                    {
                      any: [
                        { field: field.name, op: 'within', value: { days: AHEAD } },
                        { field: field.name, op: 'within', value: { days: -BACK } },
                      ],
                    },
                    ...open,
                  ],
                },
        );
        const { rows } = await read.list(ctx, {
          object: object.name,
          fields: [object.title, ...fields.map(({ name }) => name)],
          filter: { all: [of, { any: near }] },
          page: { limit: 100 },
        });
        return rows.flatMap((row) => fields.flatMap((field) => occasion(object, row, field, today) ?? []));
      }),
  );
  return found
    .flat()
    .sort((a, b) => (a.next < b.next ? -1 : a.next > b.next ? 1 : 0))
    .slice(0, MOST_DATES);
}

/** Only records whose stage is open, of objects with stages. */
function stillOpen(ctx: Ctx, object: ObjectDef): Filter[] {
  const stage = stageField(object);
  if (!stage || !isReadable(ctx, object, stage.name)) return [];
  const ended = stagesOf(stage).filter(({ kind }) => kind !== 'open');
  return [{ not: { field: stage.name, op: 'in', value: ended.map(({ value }) => value) } }];
}

function occasion(object: ObjectDef, row: Row, field: FieldDef, today: string): Occasion | null {
  const day = row.values[field.name];
  if (typeof day !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
  const next = field.occasion === 'yearly' ? nextYearly(day, today) : day;
  const days = daysBetween(today, next);
  if (days < -BACK || days > AHEAD) return null;
  const title = String(row.values[object.title] ?? '');
  return { object: object.name, id: row.id, title, field: field.name, day, next, days };
}
