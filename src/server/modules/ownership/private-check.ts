import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../../contract/errors.ts';
import { parseField } from '../../../domain/fields/parse-field.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { liveFields, objectOf } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { visibleTitles } from '../../records/read/visible-titles.ts';
import type { Ctx } from '../../records/types.ts';
import type { AuditStore } from '../audit/index.ts';
import { type DuplicatesDeps, hintDuplicates } from '../duplicates/index.ts';
import { notify } from '../reminders/index.ts';
import { type ClaimDeps, protectionOf } from './claims.ts';
import { readOwnership } from './settings.ts';

export interface CheckDeps extends DuplicatesDeps, Pick<ClaimDeps, 'systemAccess'> {
  audit: AuditStore;
  env: (ctx: Pick<Ctx, 'at'>) => ParseEnv;
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
}

/** Types by which somebody is known; a value of any other tells nobody from anybody. */
const KNOWN_BY = new Set(['phone', 'email', 'uscc']);
/** Below this it may be somebody else, and saying so would only help who is guessing. */
const SURE = 0.9;
const SHORTEST_NAME = 4;
const MOST_FOUND = 5;
const DAY_MS = 86_400_000;

/**
 * Do we have them, and whose are they? Answers about every record, whoever may see it, and shows nothing of one that the asker does not see. So that nobody
 * walks through the customers this way: whole values only, so many a day, each on record (D8).
 */
export async function checkPrivately(
  deps: CheckDeps,
  ctx: Ctx,
  { object: name, values }: { object: string; values: Record<string, string> },
) {
  const { db } = deps;
  const { workspace, at } = ctx;
  const object = objectOf(await deps.catalog.get(workspace), name);
  const actions = ctx.access.objects[name]?.actions ?? [];
  // Whoever may not even enter one has no reason to ask.
  if (!object.owner || !(actions.includes('create') || actions.includes('read'))) throw new AppError('forbidden');
  const whole = wholeValues(object, values, deps.env(ctx));
  if (Object.keys(whole).length === 0) throw new AppError('check-vague');
  const { checksPerDay } = await readOwnership(db, workspace);
  const account = ctx.actor.replace(/^user:/, '');
  const id = uuidv7();
  const used = await db.tx(async (tx) => {
    // Two at the same moment are counted one after the other.
    await tx.query(sql`select pg_advisory_xact_lock(hashtextextended(${`check ${workspace} ${account}`}, 0))`);
    const [row] = await tx.query<{
      n: number;
    }>(sql`select count(*)::int as n from ${tableOf(workspace, 'private_check')}
      where account = ${account} and at > ${new Date(at.getTime() - DAY_MS)}`);
    if ((row?.n ?? 0) >= checksPerDay) throw new AppError('check-limit', { limit: checksPerDay });
    await tx.query(sql`insert into ${tableOf(workspace, 'private_check')} (id, account, at, object, records)
      values (${id}, ${account}, ${at}, ${name}, '{}')`);
    return (row?.n ?? 0) + 1;
  });
  const everything: Ctx = { ...ctx, actor: 'system', source: 'system', access: await deps.systemAccess(workspace) };
  const matches = await hintDuplicates(deps, everything, { object: name, values: whole });
  const likely = matches.filter(({ probability }) => probability >= SURE).map((match) => match.id);
  const ids = [...new Set([...(await sameValues(deps, everything, object, whole)), ...likely])].slice(0, MOST_FOUND);
  const owners = await ownersOf(deps, everything, object, ids);
  await db.query(sql`update ${tableOf(workspace, 'private_check')} set records = ${ids}::uuid[] where id = ${id}`);
  await deps.audit.append(workspace, {
    at,
    actor: ctx.viewer ?? ctx.actor,
    source: ctx.source,
    kind: 'search',
    object: name,
    records: ids,
    body: { check: id, found: ids.length },
    private: { text: Object.values(whole).join(' · ').slice(0, 500) },
  });
  const catalog = await deps.catalog.get(workspace);
  const seen = await visibleTitles(
    deps.read,
    ctx,
    catalog,
    ids.map((record) => ({ object: name, record })),
  );
  const guarded = await protectionOf(db, workspace, ids, at);
  const names = await deps.names(
    workspace,
    [...owners.values()].flatMap((owner) => owner ?? []),
  );
  return {
    check: ids.length > 0 ? id : null,
    found: ids.map((record) => {
      const title = seen.get(record);
      const owner = owners.get(record) ?? null;
      return {
        owner,
        ownerName: owner === null ? null : (names[owner] ?? ''),
        record: title === undefined ? null : { object: name, id: record, title },
        protectedUntil: guarded.get(record)?.toISOString() ?? null,
      };
    }),
    left: checksPerDay - used,
  };
}

/** Living records with exactly one of these values: found from the moment they are written, before anything is compared. */
async function sameValues(
  { read }: CheckDeps,
  everything: Ctx,
  object: ObjectDef,
  whole: Record<string, string>,
): Promise<string[]> {
  const any = Object.entries(whole).map(([field, value]) => ({ field, op: 'eq' as const, value }));
  const sort = [{ field: '$id', dir: 'asc' as const }];
  const query = { object: object.name, fields: [], filter: { any }, sort, page: { limit: MOST_FOUND } };
  return (await read.list(everything, query)).rows.map(({ id }) => id);
}

/** Whose the records are, in their order. */
async function ownersOf(
  deps: CheckDeps,
  everything: Ctx,
  object: ObjectDef,
  ids: string[],
): Promise<Map<string, string | null>> {
  const owner = object.owner ?? '';
  const filter = { field: '$id', op: 'in' as const, value: ids };
  const query = { object: object.name, fields: [owner], filter, page: { limit: MOST_FOUND } };
  const { rows } = ids.length > 0 ? await deps.read.list(everything, query) : { rows: [] };
  return new Map(rows.map(({ id, values }) => [id, typeof values[owner] === 'string' ? values[owner] : null]));
}

/** Values that say who somebody is, whole: a name of some length, a number or address that its type accepts. */
function wholeValues(object: ObjectDef, values: Record<string, string>, env: ParseEnv): Record<string, string> {
  const whole: Record<string, string> = {};
  for (const field of liveFields(object)) {
    const raw = values[field.name]?.trim();
    if (!raw || !(field.name === object.title || KNOWN_BY.has(field.type))) continue;
    const read = parseField(raw, field, env);
    if (!read.ok || typeof read.value !== 'string') continue;
    if (KNOWN_BY.has(field.type) || [...read.value].length >= SHORTEST_NAME) whole[field.name] = read.value;
  }
  return whole;
}

/** What somebody found privately, within a day. Throws `not-found` for anybody else's. */
export async function findCheck(
  db: Db,
  ctx: Ctx,
  id: string,
): Promise<{ object: string; records: string[]; asked: boolean }> {
  const [row] = await db.query<{ object: string; records: string[]; asked: boolean }>(sql`
    select object, records, asked_at is not null as asked from ${tableOf(ctx.workspace, 'private_check')}
    where id = ${id} and account = ${ctx.actor.replace(/^user:/, '')} and at > ${new Date(ctx.at.getTime() - DAY_MS)}`);
  if (!row || row.records.length === 0) throw new AppError('not-found');
  return row;
}

/** Tells the owners, once per check, with what is asked; they see which record it is. */
export async function askOwners(deps: CheckDeps, ctx: Ctx, id: string, message: string): Promise<number> {
  const { workspace, at } = ctx;
  const check = await findCheck(deps.db, ctx, id);
  if (check.asked) return 0;
  const object = objectOf(await deps.catalog.get(workspace), check.object);
  const everything: Ctx = { ...ctx, actor: 'system', source: 'system', access: await deps.systemAccess(workspace) };
  const { rows } = await deps.read.list(everything, {
    object: object.name,
    fields: [object.title, object.owner ?? ''],
    filter: { field: '$id', op: 'in', value: check.records },
    page: { limit: 20 },
  });
  const name = (await deps.names(workspace, [ctx.actor]))[ctx.actor] ?? '';
  return deps.db.tx(async (tx) => {
    const [first] = await tx.query(sql`update ${tableOf(workspace, 'private_check')} set asked_at = ${at}
      where id = ${id} and asked_at is null returning id`);
    if (!first) return 0;
    let told = 0;
    for (const row of rows) {
      const owner = row.values[object.owner ?? ''];
      if (typeof owner !== 'string') continue;
      const title = String(row.values[object.title] ?? '');
      await notify(
        tx,
        workspace,
        {
          account: owner,
          cause: `check ${id} ${row.id}`,
          kind: 'customer-asked',
          params: { name, title, message },
          object: object.name,
          record: row.id,
        },
        at,
      );
      told += 1;
    }
    return told;
  });
}
