import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../../contract/errors.ts';
import { issueSentence } from '../../../contract/issue-sentence.ts';
import type { Change, Outcome } from '../../../domain/change/types.ts';
import { isRuleHold, standingOf } from '../../../domain/review/index.ts';
import type { Catalog, FieldValue } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { fieldOf } from '../../records/catalog/lookup.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, ReadDoor, WriteDoor } from '../../records/types.ts';
import { type CurrentRecord, loadCurrent, mayDecide } from './current-records.ts';
import { type Decided, findProposals, keepDecisions, type StoredProposal, type Stroke } from './proposal-store.ts';
import { someAtOnce } from './some-at-once.ts';

/** Writes at once: each customer's answers are a write of their own. */
export const AT_ONCE = 4;

export interface DecideDeps {
  db: Db;
  read: ReadDoor;
  write: WriteDoor;
  catalog: CatalogStore;
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
}

export type FieldVerdict = 'accept' | 'meant' | 'reject';

/** What to do with a proposal, field by field. */
export interface Wish {
  id: string;
  fields: Record<string, FieldVerdict>;
  /** Also where the record says something third by now … */
  overwrite?: boolean | undefined;
  /** … as long as nobody changed it after this version, which the reviewer saw. */
  seen?: number | undefined;
  /** Fields he may not decide on are left out instead of refused. */
  lenient?: boolean | undefined;
}

export interface By {
  batch: string;
  note?: string | undefined;
  rule?: { id: string; version: number; name: string } | undefined;
}

export interface Failure {
  id: string;
  fields: string[];
  error: AppError;
}

export interface Decisions {
  batch: string;
  /** Fields decided. */
  fields: number;
  proposals: number;
  changeSets: string[];
  failed: Failure[];
}

interface Ready {
  stored: StoredProposal;
  record: CurrentRecord;
  wish: Wish;
  accept: string[];
  reject: string[];
}

/**
 * Decides proposals field by field. What is accepted is written with the permissions of who decides, in the name of who proposed, so that the value counts
 * as his word; it was looked at, so nothing of it is held once more. What can't be decided is told and stays open; the rest is done.
 */
export async function decideProposals(deps: DecideDeps, ctx: Ctx, wishes: Wish[], by: By): Promise<Decisions> {
  const catalog = await deps.catalog.get(ctx.workspace);
  const stored = await findProposals(
    deps.db,
    ctx.workspace,
    wishes.map(({ id }) => id),
  );
  const records = await loadCurrent(deps.read, ctx, catalog, [...stored.values()]);
  const done: Decisions = { batch: by.batch, fields: 0, proposals: 0, changeSets: [], failed: [] };
  const ready: Ready[] = [];
  for (const wish of wishes) {
    const found = check(ctx, wish, stored.get(wish.id), records);
    if (found instanceof AppError) done.failed.push({ id: wish.id, fields: Object.keys(wish.fields), error: found });
    else ready.push(found);
  }
  await rejectAll(deps, ctx, ready, by, done);
  const who = by.rule ? by.rule.name : ((await deps.names(ctx.workspace, [ctx.actor]))[ctx.actor] ?? ctx.actor);
  const accepting = groups(ready.filter(({ accept }) => accept.length > 0));
  await someAtOnce(accepting, AT_ONCE, (group) => acceptGroup(deps, ctx, catalog, group, { ...by, who }, done));
  return done;
}

function check(
  ctx: Ctx,
  wish: Wish,
  stored: StoredProposal | undefined,
  records: Map<string, CurrentRecord>,
): Ready | AppError {
  const record = stored && records.get(stored.record);
  if (!stored || !record) return new AppError('not-found');
  const wished = Object.keys(wish.fields);
  const { object } = record;
  const forbidden = wished.filter((name) => {
    const field = fieldOf(object, name);
    return !field || !mayDecide(record, field);
  });
  const names = wish.lenient ? wished.filter((name) => !forbidden.includes(name)) : wished;
  if (stored.state !== 'held' || names.some((name) => !stored.open.includes(name)))
    return new AppError('proposal-decided');
  const labels = (of: string[]) =>
    of.map((name) => fieldOf(object, name)?.label[ctx.lang] ?? name).join(ctx.lang === 'zh' ? '、' : ', ');
  if (names.length === 0 || (forbidden.length > 0 && !wish.lenient))
    return new AppError('proposal-forbidden', { fields: labels(forbidden) });
  const accept = names.filter((name) => wish.fields[name] !== 'reject');
  // A rule that asks for a second pair of eyes isn't met by the first.
  const own = accept.filter((name) => {
    const reason = stored.suspicions?.[name];
    return reason && isRuleHold(reason) && stored.actor === ctx.actor && !ctx.access.admin;
  });
  if (own.length > 0) return new AppError('proposal-own', { fields: labels(own) });
  const changed = accept.filter((name) => {
    const standing = standingOf(
      stored.before[name] ?? null,
      record.values[name] ?? null,
      writtenValue(stored, name, wish.fields[name]),
    );
    return standing === 'changed';
  });
  if (changed.length > 0 && !wish.overwrite) return new AppError('proposal-outdated', { fields: labels(changed) });
  return { stored, record, wish, accept, reject: names.filter((name) => wish.fields[name] === 'reject') };
}

/** The value that accepting writes: the one proposed, or the one that was probably meant where that is known. */
export function writtenValue(stored: StoredProposal, name: string, verdict: FieldVerdict | undefined): FieldValue {
  const meant = verdict === 'meant' ? meantOf(stored, name) : null;
  return meant ?? stored.wanted[name] ?? null;
}

export function meantOf({ suspicions }: StoredProposal, name: string): string | null {
  const reason = suspicions?.[name];
  return reason && !isRuleHold(reason) && reason.meant !== undefined ? String(reason.meant) : null;
}

async function rejectAll(deps: DecideDeps, ctx: Ctx, ready: Ready[], by: By, done: Decisions): Promise<void> {
  const rejecting = ready.filter(({ reject }) => reject.length > 0);
  if (rejecting.length === 0) return;
  const keep = (some: Ready[]) =>
    deps.db.tx((tx) => keepDecisions(tx, ctx.workspace, strokeOf(ctx, by, null), some.flatMap(rejected)));
  await together(rejecting, keep, done, ({ reject }) => reject);
}

/** All at once; where one of them was decided meanwhile, one by one. */
async function together(
  some: Ready[],
  work: (some: Ready[]) => Promise<unknown>,
  done: Decisions,
  fieldsOf: (one: Ready) => string[],
): Promise<void> {
  try {
    await work(some);
    done.proposals += some.length;
    done.fields += some.reduce((sum, one) => sum + fieldsOf(one).length, 0);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const [only] = some;
    if (some.length === 1 && only) done.failed.push({ id: only.stored.id, fields: fieldsOf(only), error });
    else for (const one of some) await together([one], work, done, fieldsOf);
  }
}

/** Changes by the same author for the same reason are one write. */
function groups(ready: Ready[]): Ready[][] {
  const found = new Map<string, Ready[]>();
  for (const one of ready) {
    const { actor, source, reason } = one.stored;
    const key = JSON.stringify([actor, source, reason]);
    found.set(key, [...(found.get(key) ?? []), one]);
  }
  // The newest word on a record comes last and stays.
  return [...found.values()].map((group) => group.sort((a, b) => (a.stored.id < b.stored.id ? -1 : 1)));
}

async function acceptGroup(
  deps: DecideDeps,
  ctx: Ctx,
  catalog: Catalog,
  group: Ready[],
  by: By & { who: string },
  done: Decisions,
): Promise<void> {
  await together(
    group,
    async (some) => {
      const [first] = some;
      if (!first) return;
      const { actor, source, reason } = first.stored;
      const author: Ctx = { ...ctx, actor, source, reason: reasonOf(ctx, reason, by) };
      const result = await deps.write.write(author, some.map(changeOf), {
        kind: 'proposal',
        reviewed: true,
        alongside: async (tx, written) => {
          const stroke = strokeOf(ctx, by, written.changeSet);
          await keepDecisions(tx, ctx.workspace, stroke, some.flatMap(accepted));
        },
      });
      const failed = result.outcomes.find(({ status }) => status === 'conflict' || status === 'rejected');
      if (failed) throw errorOf(ctx, catalog, failed);
      if (result.changeSet) done.changeSets.push(result.changeSet);
    },
    done,
    ({ accept }) => accept,
  );
}

function changeOf({ stored, record, wish, accept }: Ready): Change {
  const set = Object.fromEntries(accept.map((name) => [name, writtenValue(stored, name, wish.fields[name])]));
  const confirmed = accept.filter((name) => set[name] !== null);
  return {
    op: 'update',
    object: stored.object,
    id: stored.record,
    version: wish.seen ?? record.version,
    set,
    ...(stored.source === 'customer' &&
      confirmed.length > 0 && { verify: { fields: confirmed, method: 'customer' as const } }),
  };
}

function errorOf(ctx: Ctx, catalog: Catalog, outcome: Outcome): AppError {
  const object = catalog.objects.find(({ name }) => name === outcome.object);
  if (outcome.status === 'conflict' && object) {
    const names = (outcome.conflicts ?? []).map(({ field }) => fieldOf(object, field)?.label[ctx.lang] ?? field);
    return new AppError('proposal-outdated', { fields: names.join(ctx.lang === 'zh' ? '、' : ', ') });
  }
  const detail = (outcome.issues ?? []).map((issue) => issueSentence(issue, object, ctx.lang)).join(' ');
  return new AppError('proposal-refused', { detail });
}

const strokeOf = (ctx: Ctx, by: By, changeSet: string | null): Stroke => ({
  batch: by.batch,
  at: ctx.at,
  by: ctx.actor,
  note: by.note?.trim() || null,
  changeSet,
  rule: by.rule ?? null,
});

const accepted = ({ stored, wish, accept }: Ready): Decided[] =>
  accept.map((field) => ({
    proposal: stored.id,
    field,
    decision: 'accepted',
    meant: wish.fields[field] === 'meant' && meantOf(stored, field) !== null,
  }));

const rejected = ({ stored, reject }: Ready): Decided[] =>
  reject.map((field) => ({ proposal: stored.id, field, decision: 'rejected', meant: false }));

/** Who let it in stands in the history beside who said it. */
function reasonOf(ctx: Ctx, reason: string | null, { rule, note, who: name }: By & { who: string }): string {
  const zh = ctx.lang === 'zh';
  const who = rule ? (zh ? `规则“${name}”` : `rule “${name}”`) : name;
  return [reason, zh ? `由 ${who} 审核通过` : `accepted by ${who}`, note?.trim()].filter(Boolean).join(' · ');
}

export const newBatch = (): string => uuidv7();
