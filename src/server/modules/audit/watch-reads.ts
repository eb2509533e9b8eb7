import type { Catalog, FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import type { Ctx, Query, ReadDoor, Row } from '../../records/types.ts';
import type { AuditStore } from './audit-store.ts';

interface WatchDeps {
  audit: AuditStore;
  catalog: { get(workspace: string): Promise<Catalog> };
}

/** Within this time the same person seeing the same values again is no new entry: lists are scrolled to and fro. */
const AGAIN_MS = 5 * 60_000;
const MOST_REMEMBERED = 200_000;
/** Ids in one entry. */
const MOST_RECORDS = 500;

/**
 * The read door, with a note of who saw which marked values in plain, searched or took rows out. A note is on record before the values go
 * out. What the system reads for itself is nobody's look.
 */
export function watchReads(read: ReadDoor, { audit, catalog }: WatchDeps): ReadDoor {
  let seen = new Map<string, number>();

  /** Whether it is new, and remembers it. */
  function isNew(key: string, now: number): boolean {
    if (now - (seen.get(key) ?? -Infinity) < AGAIN_MS) return false;
    if (seen.size >= MOST_REMEMBERED) seen = new Map();
    seen.set(key, now);
    return true;
  }

  async function noteRows(
    ctx: Ctx,
    name: string,
    rows: readonly Pick<Row, 'id' | 'values' | 'modes'>[],
  ): Promise<void> {
    const object = (await catalog.get(ctx.workspace)).objects.find((one) => one.name === name);
    if (!isLook(ctx) || !object) return;
    const marked = markedFields(object);
    if (marked.length === 0) return;
    const fields = marked.filter((field) => rows.some((row) => isClear(row, field)));
    const looker = `${personOf(ctx)} ${fields.map(({ id }) => id).join()}`;
    const now = performance.now();
    const shown = rows.filter(
      (row) => fields.some((field) => isClear(row, field)) && isNew(`${looker} ${row.id}`, now),
    );
    for (let at = 0; at < shown.length; at += MOST_RECORDS) {
      const records = shown.slice(at, at + MOST_RECORDS).map(({ id }) => id);
      await audit.append(ctx.workspace, {
        ...from(ctx),
        kind: 'read',
        object: name,
        records,
        body: bodyOf(ctx, { fields: fields.map((f) => f.name) }),
      });
    }
  }

  async function noteSearch(ctx: Ctx, text: string, object?: string): Promise<void> {
    if (!isLook(ctx) || text.trim() === '' || !isNew(`${personOf(ctx)} search ${object} ${text}`, performance.now()))
      return;
    await audit.append(ctx.workspace, {
      ...from(ctx),
      kind: 'search',
      ...(object !== undefined && { object }),
      body: bodyOf(ctx, {}),
      private: { text: text.slice(0, 500) },
    });
  }

  return {
    ...read,
    async list(ctx, query) {
      const page = await read.list(ctx, query);
      if (query.search !== undefined) await noteSearch(ctx, query.search, query.object);
      await noteRows(ctx, query.object, page.rows);
      return page;
    },
    async get(ctx, object, id, options) {
      const row = await read.get(ctx, object, id, options);
      await noteRows(ctx, object, [row]);
      return row;
    },
    async history(ctx, object, id, options) {
      const entries = await read.history(ctx, object, id, options);
      const values = Object.fromEntries(
        entries.flatMap(({ fields }) => fields.map(({ field, before, after }) => [field, before ?? after])),
      );
      await noteRows(ctx, object, [{ id, values }]);
      return entries;
    },
    async group(ctx, query, field, limit, sum) {
      const groups = await read.group(ctx, query, field, limit, sum);
      const values = {
        [field]: groups.find(({ value }) => value !== null)?.value ?? null,
        ...(sum !== undefined && { [sum]: groups[0]?.sum ?? null }),
      };
      await noteRows(ctx, query.object, [{ id: NO_RECORD, values }]);
      return groups;
    },
    async aggregate(ctx, query, wish) {
      const found = await read.aggregate(ctx, query, wish);
      const { keys = [] } = found.rows.find((row) => row.keys.some((key) => key !== null)) ?? {};
      const values = Object.fromEntries(wish.by.map(({ field }, n) => [field, keys[n] ?? null]));
      await noteRows(ctx, query.object, [{ id: NO_RECORD, values }]);
      return found;
    },
    async search(ctx, text, options) {
      await noteSearch(ctx, text);
      return read.search(ctx, text, options);
    },
    async since(ctx, object, versions) {
      const found = await read.since(ctx, object, versions);
      await noteRows(
        ctx,
        object,
        [...found].map(([id, { base, now, modes }]) => ({ id, values: { ...base, ...now }, modes })),
      );
      return found;
    },
    async *stream(ctx, query) {
      if (!isLook(ctx)) return yield* read.stream(ctx, query);
      const say = (body: Record<string, string | number>) =>
        audit.append(ctx.workspace, {
          ...from(ctx),
          kind: 'export',
          object: query.object,
          body: bodyOf(ctx, { ...body, ...(query.fields && { fields: query.fields }) }),
          private: { query: JSON.stringify(asked(query)).slice(0, 4000) },
        });
      await say({ phase: 'begin' });
      let rows = 0;
      try {
        for await (const page of read.stream(ctx, query)) {
          rows += page.length;
          yield page;
        }
      } finally {
        // Of one that was cut off too: so many rows were handed over.
        await say({ phase: 'end', rows });
      }
    },
  };
}

/** A group shows values of a field, of no record in particular. */
const NO_RECORD = '00000000-0000-0000-0000-000000000000';

const asked = ({ filter, search, asOf, deleted }: Query) => ({ filter, search, asOf, deleted });

/** Imports, rules and jobs read too, and show it to nobody. */
const isLook = ({ source, actor }: Ctx): boolean => ['page', 'api', 'cli'].includes(source) && actor !== 'system';

const personOf = (ctx: Ctx): string => ctx.viewer ?? ctx.actor;

const from = (ctx: Ctx) => ({ at: ctx.at, actor: personOf(ctx), source: ctx.source });

/** Who looks as somebody else is named by himself; as whom he looked stands beside it. */
function bodyOf<Body extends object>(ctx: Ctx, body: Body): Body & { as?: string; act?: string } {
  const part = ctx.act === undefined ? body : { ...body, act: ctx.act };
  return ctx.viewer === undefined ? part : { ...part, as: ctx.actor };
}

const known = new WeakMap<ObjectDef, FieldDef[]>();

/** Fields marked as personal or sensitive. */
function markedFields(object: ObjectDef): FieldDef[] {
  const found =
    known.get(object) ??
    object.fields.filter(
      ({ sensitivity, retired }) => !retired && (sensitivity === 'personal' || sensitivity === 'sensitive'),
    );
  known.set(object, found);
  return found;
}

function isClear(
  { values, modes }: { values: Record<string, FieldValue>; modes?: Row['modes'] },
  { name }: FieldDef,
): boolean {
  const mode = modes?.[name];
  const value = values[name];
  return (
    value !== undefined && value !== null && value !== '' && (mode === undefined || mode === 'read' || mode === 'edit')
  );
}
