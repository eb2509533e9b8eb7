import { sameValue } from '../../../domain/change/same-value.ts';
import type { FieldConflict, Outcome } from '../../../domain/change/types.ts';
import type { Issue } from '../../../domain/issue.ts';
import { confidenceOf, trustOf } from '../../../domain/review/index.ts';
import type { FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { fieldOf, rolesOf } from '../catalog/lookup.ts';
import type { Ctx } from '../types.ts';
import { distinctIssues } from './distinct.ts';
import { freshnessOfCreate, freshnessOfLife, freshnessOfUpdate } from './freshness-row.ts';
import { amountsIn, type Guard, type Hold, heldIssue, type OwnValues, type RuleJudge } from './guard.ts';
import { permissionIssues, tellConflicts } from './permitted.ts';
import { errorsOf, missingRequired } from './prepare.ts';
import type { Decision, Draft, PlanSource, Stored, Surroundings } from './types.ts';

/** All that deciding looks at. No database here: what a draft becomes follows from these. */
export interface Situation {
  ctx: Ctx;
  plans: PlanSource;
  stored: Map<string, Stored>;
  around: Surroundings;
  later: Map<string, Map<string, { by: string; at: Date }>>;
  confirmedAt?: Date | undefined;
  guard: Guard;
  /** Amounts that records had before; undefined: nothing is held. */
  own: OwnValues | undefined;
  /** Rules that hold changes of this author, when there are any. */
  rules?: RuleJudge | null;
  /** Protected fields whose overwriting takes approval, when there are any. */
  approvals?: ((object: ObjectDef, field: FieldDef) => boolean) | null;
}

/** Second part of the pipeline: diff, conflicts, rules across fields and records → what to write and what to say. Order of the batch. */
export function decide(drafts: Draft[], situation: Situation): Decision[] {
  const claimed = new Map<string, string>();
  const created = new Map<string, Record<string, FieldValue>>();
  const { around } = situation;
  for (const draft of drafts)
    if (draft.change.op === 'create') {
      created.set(draft.id, draft.set);
      // A batch may relate its own records: they exist as soon as it is written.
      const owner = draft.object.owner ? draft.set[draft.object.owner] : null;
      if (!around.related.has(draft.id))
        around.related.set(draft.id, { owner: typeof owner === 'string' ? owner : null });
    }
  return drafts.map((draft) => {
    const decision = decideOne(draft, situation, claimed);
    // What can't be created can't be related to by the rest of the batch.
    if (draft.change.op === 'create' && !decision.effect) around.related.delete(draft.id);
    return decision;
  });
}

function decideOne(draft: Draft, situation: Situation, claimed: Map<string, string>): Decision {
  if (errorsOf(draft.issues).length > 0) return rejected(draft, draft.issues);
  switch (draft.change.op) {
    case 'create':
      return decideCreate(draft, situation, claimed);
    case 'update':
      return decideUpdate(draft, situation, claimed);
    default:
      return decideLife(draft, situation, claimed);
  }
}

function decideCreate(draft: Draft, situation: Situation, claimed: Map<string, string>): Decision {
  const { ctx, plans, around, confirmedAt } = situation;
  const { object } = draft;
  const values = { ...draft.set };
  const held = holdBack(draft, situation, values, {}, null);
  const issues = [
    ...missingRequired(object, values),
    ...relationIssues(object, values, around),
    ...uniqueIssues(draft, values, around, claimed),
    ...distinctIssues(draft, undefined, around.holders, claimed),
  ];
  if (issues.length > 0) return rejected(draft, [...draft.issues, ...issues]);
  const freshness = freshnessOfCreate(ctx, plans, draft, values, around, confirmedAt);
  return withHeld(held, 1, {
    outcome: { ...base(draft, 'applied'), version: 1, values },
    effect: { kind: 'create', draft, values, freshness, version: 1 },
  });
}

/**
 * Takes values out of `set` that a person should look at first: amounts out of pattern, and what a rule holds. A required amount stays: without it
 * nothing could be written. Rules hold changes only, not what a new record begins with.
 */
function holdBack(
  draft: Draft,
  situation: Situation,
  set: Record<string, FieldValue>,
  before: Record<string, FieldValue>,
  segment: number | null,
): Hold | undefined {
  const { ctx, guard, own } = situation;
  const rules = draft.change.op === 'update' ? situation.rules : null;
  const approvals = draft.change.op === 'update' && ctx.reason?.trim() ? situation.approvals : null;
  if ((!own && !rules && !approvals) || draft.part) return undefined;
  const hold: Hold = { draft, wanted: {}, before: {}, suspicions: {}, confidence: {}, version: 1 };
  const approval: Record<string, FieldValue> = {};
  const amounts = own ? amountsIn(draft) : [];
  for (const [name, value] of Object.entries(set)) {
    const field = fieldOf(draft.object, name);
    // Without a reason it is refused first, as ever; the reason is what is decided by.
    if (approvals && field?.protected && (before[name] ?? null) !== null && approvals(draft.object, field)) {
      approval[name] = value;
      hold.before[name] = before[name] ?? null;
      delete set[name];
      continue;
    }
    if (!field || (field.required && (value === null || amounts.includes(name)))) continue;
    const past = amounts.includes(name) && value !== null ? (own?.get(draft.id)?.[name] ?? []) : null;
    const trust = trustIn(draft, name, situation);
    const now = { before: before[name] ?? null, after: value, record: before };
    const reason =
      (past && guard.judge(ctx.workspace, field, segment ?? -1, value, past)) ??
      rules?.(draft.object, field, now, trust);
    if (!reason) continue;
    hold.wanted[name] = value;
    hold.before[name] = now.before;
    hold.suspicions[name] = reason;
    hold.confidence[name] = confidenceOf(trust, reason);
    delete set[name];
  }
  if (Object.keys(approval).length > 0) hold.approval = approval;
  if (Object.keys({ ...hold.wanted, ...approval }).length === 0) return undefined;
  leaveUnverified(draft, { ...hold.wanted, ...approval });
  return hold;
}

/** “Verified” was said of the new value: the one that stays for now was not seen. */
function leaveUnverified(draft: Draft, wanted: Record<string, FieldValue>): void {
  if (!draft.verify) return;
  const fields = draft.verify.fields.filter(({ name }) => !(name in wanted));
  if (fields.length > 0) draft.verify = { ...draft.verify, fields };
  else delete draft.verify;
}

function trustIn(draft: Draft, name: string, { ctx, plans }: Situation): number {
  const { verify } = draft.change;
  const how = verify?.fields.includes(name) ? plans.evidenceKind(ctx.workspace, verify.method)?.confidence : undefined;
  return trustOf(ctx.source, how, plans.reliability?.(ctx.workspace, ctx.actor));
}

function withHeld(hold: Hold | undefined, version: number, decision: Decision): Decision {
  if (!hold) return decision;
  const { object } = hold.draft;
  const told = Object.entries(hold.suspicions).map(([name, suspicion]) =>
    heldIssue(object, name, hold.wanted[name] ?? null, suspicion),
  );
  for (const name of Object.keys(hold.approval ?? {}))
    told.push({ code: 'held-approval', field: name, level: 'warning' });
  const { outcome } = decision;
  const status = decision.effect ? outcome.status : 'held';
  return {
    ...decision,
    hold: { ...hold, version },
    outcome: { ...outcome, status, issues: [...(outcome.issues ?? []), ...told] },
  };
}

function decideUpdate(draft: Draft, situation: Situation, claimed: Map<string, string>): Decision {
  const { ctx, plans, around, later } = situation;
  const stored = situation.stored.get(draft.id);
  if (!stored || stored.deleted) return rejected(draft, [{ code: 'record-unknown' }]);
  const forbidden = permissionIssues(ctx, draft, stored);
  if (forbidden.length > 0) return rejected(draft, [...draft.issues, ...forbidden]);
  const { object } = draft;
  const set: Record<string, FieldValue> = {};
  for (const [name, value] of Object.entries(draft.set))
    if (
      !sameValue(stored.values[name] ?? null, value) &&
      !(draft.change.onlyEmpty && (stored.values[name] ?? null) !== null)
    )
      set[name] = value;

  const clashes = later.get(draft.id);
  const conflicts: FieldConflict[] = Object.entries(set).flatMap(([field, yours]) => {
    const clash = clashes?.get(field);
    return clash
      ? [{ field, yours, theirs: stored.values[field] ?? null, by: clash.by, at: clash.at.toISOString() }]
      : [];
  });
  // “Still right” was said of the value that was seen: one that somebody has put there since was seen by nobody.
  for (const { name } of draft.verify?.fields ?? []) {
    const clash = name in set ? undefined : clashes?.get(name);
    const theirs = stored.values[name] ?? null;
    if (clash && !(name in draft.set && sameValue(draft.set[name] ?? null, theirs)))
      conflicts.push({ field: name, yours: null, theirs, by: clash.by, at: clash.at.toISOString() });
  }
  if (conflicts.length > 0) return conflict(ctx, draft, stored, conflicts);

  const hold = holdBack(draft, situation, set, stored.values, stored.freshness?.segment ?? null);
  const changed = Object.keys(set);
  const after = { ...stored.values, ...set };
  const issues = [
    // Values of merged records move as they are: what they point to may lie in the bin by now, what they lack was never asked for.
    ...(draft.part === 'member' ? [] : missingRequired(object, after, changed)),
    ...(draft.part === 'member' ? [] : relationIssues(object, set, around)),
    ...uniqueIssues(draft, set, around, claimed),
    ...(changed.length > 0 ? distinctIssues(draft, stored, around.holders, claimed) : []),
    ...protectedIssues(draft, stored, changed, ctx),
    ...claimIssues(draft, changed, around),
    ...emptyVerified(draft, after),
  ];
  if (issues.length > 0) return rejected(draft, [...draft.issues, ...issues]);
  const unchanged = (): Decision =>
    withHeld(hold, stored.row.version, {
      outcome: { ...base(draft, 'unchanged'), version: stored.row.version, values: pick(after, draft.set) },
      effect: null,
    });
  if (changed.length === 0 && !draft.verify && !draft.evidence && !draft.cells) return unchanged();

  const freshness = freshnessOfUpdate(ctx, plans, draft, stored.freshness, after, changed, around);
  const { row, cellsBefore, signalled } = freshness;
  // A signal that is old news moves nothing.
  if (changed.length === 0 && !draft.verify && signalled.length === 0 && !draft.cells) return unchanged();
  const before: Record<string, unknown> = {};
  for (const name of changed) before[name] = stored.values[name] ?? null;
  if (draft.verify) before.$v = draft.verify.fields.map((field) => field.name);
  if (draft.evidence && signalled.length > 0) before.$e = [draft.evidence.kind.kind, signalled];
  if (cellsBefore && Object.keys(cellsBefore).length > 0) before.$c = cellsBefore;
  const version = stored.row.version + 1;
  return withHeld(hold, version, {
    outcome: { ...base(draft, 'applied'), version, values: pick(after, draft.set) },
    effect: { kind: 'update', draft, stored, set, before, after, freshness: row, version },
  });
}

function decideLife(draft: Draft, situation: Situation, claimed: Map<string, string>): Decision {
  const stored = situation.stored.get(draft.id);
  const kind = draft.change.op === 'delete' ? 'delete' : 'restore';
  if (!stored || (kind === 'delete' && stored.deleted)) return rejected(draft, [{ code: 'record-unknown' }]);
  const forbidden = permissionIssues(situation.ctx, draft, stored);
  if (forbidden.length > 0) return rejected(draft, forbidden);
  if (kind === 'restore' && !stored.deleted) return rejected(draft, [{ code: 'not-deleted' }]);
  const seen = draft.change.version;
  if (kind === 'delete' && seen !== undefined && seen < stored.row.version) {
    const conflicts = [...(situation.later.get(draft.id) ?? [])].map(([field, { by, at }]) => ({
      field,
      yours: null,
      theirs: stored.values[field] ?? null,
      by,
      at: at.toISOString(),
    }));
    // Somebody changed what is about to be thrown away: ask first.
    if (conflicts.length > 0) return conflict(situation.ctx, draft, stored, conflicts);
  }
  if (kind === 'restore') {
    // Its numbers and names may have been given to others meanwhile.
    const issues = [
      ...uniqueIssues(draft, uniqueValues(draft.object, stored), situation.around, claimed),
      ...distinctIssues(draft, stored, situation.around.holders, claimed),
    ];
    if (issues.length > 0) return rejected(draft, issues);
  }
  const version = stored.row.version + 1;
  const freshness = freshnessOfLife(situation.ctx, situation.plans, draft.object, stored, kind);
  return { outcome: { ...base(draft, 'applied'), version }, effect: { kind, draft, stored, freshness, version } };
}

function conflict(ctx: Ctx, draft: Draft, stored: Stored, found: FieldConflict[]): Decision {
  const conflicts = tellConflicts(ctx, draft, stored, found);
  return { outcome: { ...base(draft, 'conflict'), version: stored.row.version, conflicts }, effect: null };
}

function relationIssues(object: ObjectDef, set: Record<string, FieldValue>, around: Surroundings): Issue[] {
  return rolesOf(object)
    .relations.filter(({ name }) => (set[name] ?? null) !== null && !around.related.has(String(set[name])))
    .map(({ name }) => ({ code: 'relation-unknown', field: name }));
}

function uniqueIssues(
  draft: Draft,
  set: Record<string, FieldValue>,
  around: Surroundings,
  claimed: Map<string, string>,
): Issue[] {
  const issues: Issue[] = [];
  for (const { name } of rolesOf(draft.object).unique) {
    const value = set[name] ?? null;
    if (value === null) continue;
    const key = `${draft.object.name}.${name}`;
    const text = String(value);
    const holder = around.taken.get(key)?.get(text) ?? claimed.get(`${key}\n${text}`);
    if (holder !== undefined && holder !== draft.id)
      issues.push({ code: 'not-unique', field: name, params: { value: text } });
    else claimed.set(`${key}\n${text}`, draft.id);
  }
  return issues;
}

/** Values that no two living records may share. */
export function uniqueValues(object: ObjectDef, stored: Stored): Record<string, FieldValue> {
  return Object.fromEntries(rolesOf(object).unique.map(({ name }) => [name, stored.values[name] ?? null]));
}

/** E3: what is protected is overwritten only with a reason; filling it in is free. */
function protectedIssues(draft: Draft, stored: Stored, changed: string[], ctx: Ctx): Issue[] {
  if (ctx.reason?.trim()) return [];
  return changed
    .filter((name) => fieldOf(draft.object, name)?.protected && (stored.values[name] ?? null) !== null)
    .map((field) => ({ code: 'reason-needed', field }));
}

/** Somebody else claimed it: whose it is stays until his time is over, unless a manager decides otherwise. */
function claimIssues(draft: Draft, changed: string[], { claimed }: Surroundings): Issue[] {
  const { owner } = draft.object;
  const taken = owner !== undefined && changed.includes(owner) && claimed?.has(draft.id);
  return taken ? [{ code: 'record-protected', field: owner }] : [];
}

function emptyVerified(draft: Draft, after: Record<string, FieldValue>): Issue[] {
  return (draft.verify?.fields ?? [])
    .filter((field) => (after[field.name] ?? null) === null)
    .map((field) => ({ code: 'verify-empty', field: field.name }));
}

function base(draft: Draft, status: Outcome['status']): Outcome {
  const outcome: Outcome = { status, object: draft.object.name, id: draft.id };
  return draft.issues.length > 0 ? { ...outcome, issues: draft.issues } : outcome;
}

function rejected(draft: Draft, issues: Issue[]): Decision {
  return { outcome: { ...base(draft, 'rejected'), issues }, effect: null };
}

function pick(values: Record<string, FieldValue>, names: Record<string, unknown>): Record<string, FieldValue> {
  return Object.fromEntries(Object.keys(names).map((name) => [name, values[name] ?? null]));
}
