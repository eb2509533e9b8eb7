import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../../contract/errors.ts';
import { ceilingOf, modeAtCreate } from '../../../domain/access/reach.ts';
import type { ObjectAccess } from '../../../domain/access/types.ts';
import type { Change, EvidenceInput } from '../../../domain/change/types.ts';
import { parseField } from '../../../domain/fields/parse-field.ts';
import type { Parsed, ParseEnv } from '../../../domain/fields/types.ts';
import { fieldsOfKind, isSignal } from '../../../domain/freshness/cell.ts';
import type { Issue } from '../../../domain/issue.ts';
import type { Catalog, FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { fieldOf, liveFields, objectOf, rolesOf } from '../catalog/lookup.ts';
import { isSealed } from '../sealed/sealed-value.ts';
import type { Ctx, Joining } from '../types.ts';
import { partOf } from './joining.ts';
import type { Draft, PlanSource } from './types.ts';

/**
 * First part of the pipeline, without the database: names → definitions, permission of action and fields, parse + standardise + validate.
 * Problems of one change stay with that change.
 */
export function prepare(
  ctx: Ctx,
  catalog: Catalog,
  plans: PlanSource,
  changes: Change[],
  env: ParseEnv,
  canonical = false,
  joining?: Joining,
): Draft[] {
  return changes.map((change, index) => {
    const object = objectOf(catalog, change.object);
    const draft: Draft = { index, change, object, id: change.id ?? uuidv7(), set: {}, issues: [] };
    if (joining) return partOf(ctx, draft, joining);
    const access = ctx.access.objects[object.name];
    if (!access || object.retired) throw new AppError('object-unknown', { object: change.object });
    checkAction(draft, access);
    if (change.op === 'create') readDefaults(draft, env, ctx);
    if (change.set && (change.op === 'create' || change.op === 'update'))
      readSet(draft, access, change.set, ctx, canonical ? asIs : (raw, field) => parseField(raw, field, env));
    if (change.verify) readVerify(draft, access, ctx);
    if (change.evidence) readEvidence(draft, access, ctx, plans, change.evidence);
    return draft;
  });
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function checkAction(draft: Draft, access: ObjectAccess): void {
  const { change, object } = draft;
  const verifyOnly = change.op === 'update' && !change.set && (change.verify || change.evidence);
  const action = verifyOnly ? 'verify' : change.op;
  if (!access.actions.includes(action)) draft.issues.push({ code: 'action-forbidden' });
  if (change.op === 'create' ? change.id !== undefined && !UUID.test(change.id) : !UUID.test(change.id ?? ''))
    draft.issues.push({ code: 'record-unknown' });
  if (object.appendOnly && (change.op === 'delete' || (change.op === 'update' && !verifyOnly)))
    draft.issues.push({ code: 'append-only' });
}

/** Defaults are raw values like any other, so that a designer's typing is checked the same way. */
function readDefaults(draft: Draft, env: ParseEnv, ctx: Ctx): void {
  // Who adds a record looks after it, until told otherwise.
  if (draft.object.owner && ctx.actor.startsWith('user:') && !(draft.object.owner in (draft.change.set ?? {})))
    draft.set[draft.object.owner] = ctx.actor.slice('user:'.length);
  for (const field of liveFields(draft.object)) {
    if (field.default === undefined || (draft.change.set && field.name in draft.change.set)) continue;
    const now = field.default === '$now' ? env.now.toISOString() : field.default;
    const raw = now === '$me' ? ctx.actor.replace(/^user:/, '') : now;
    const parsed = parseField(raw, field, env);
    if (parsed.ok) draft.set[field.name] = parsed.value;
  }
}

type Parse = (raw: unknown, field: FieldDef) => Parsed;

const asIs: Parse = (raw) => ({ ok: true, value: (raw ?? null) as FieldValue });

function readSet(draft: Draft, access: ObjectAccess, set: Record<string, unknown>, ctx: Ctx, parse: Parse): void {
  for (const [name, raw] of Object.entries(set)) {
    const field = fieldOf(draft.object, name);
    if (!field || field.retired) {
      draft.issues.push({ code: 'field-unknown', field: name, params: { name } });
      continue;
    }
    const refusal = refuse(field, access, ctx, draft.change.op === 'create');
    if (refusal) {
      draft.issues.push(refusal);
      continue;
    }
    if (isSealed(raw)) {
      // Kept by a proposal; it opens for this very record and field only.
      draft.set[name] = raw;
      draft.sealed = true;
      continue;
    }
    const parsed = parse(raw, field);
    if (!parsed.ok) draft.issues.push({ ...parsed.issue, field: name });
    else {
      draft.set[name] = parsed.value;
      for (const warning of parsed.warnings ?? []) draft.issues.push({ ...warning, field: name, level: 'warning' });
    }
  }
}

function refuse(field: FieldDef, access: ObjectAccess, ctx: Ctx, create: boolean): Issue | null {
  // An import may bring the numbers of the old system; people may not invent them.
  const numbered = field.type === 'autonumber' && ctx.source === 'import';
  // What the engine keeps itself it may write: how a record stands with its service times.
  const kept = ctx.actor === 'system' && ctx.source === 'rule' && !field.rollup;
  if (field.readonly && !numbered && !kept) return { code: 'field-readonly', field: field.name };
  // In some row at least; whether in this one is decided once it is known (permitted.ts).
  const mode = create ? modeAtCreate(access, field.name) : ceilingOf(access, field.name);
  if (mode === 'hidden') return { code: 'field-unknown', field: field.name, params: { name: field.name } };
  return mode === 'edit' ? null : { code: 'field-forbidden', field: field.name };
}

function readVerify(draft: Draft, access: ObjectAccess, ctx: Ctx): void {
  const { change } = draft;
  if (!change.verify) return;
  const fields = readNames(draft, access, change.verify.fields);
  draft.verify = { fields, method: change.verify.method, at: notLater(change.verify.at, ctx.at) };
}

function readEvidence(draft: Draft, access: ObjectAccess, ctx: Ctx, plans: PlanSource, input: EvidenceInput): void {
  const kind = plans.evidenceKind(ctx.workspace, input.kind);
  if (!kind || !isSignal(kind)) {
    draft.issues.push({ code: 'evidence-unknown', params: { kind: input.kind } });
    return;
  }
  const visible = liveFields(draft.object).filter((field) => ceilingOf(access, field.name) !== 'hidden');
  const names = input.fields ?? fieldsOfKind(kind, draft.object.name, visible);
  if (names.length === 0) draft.issues.push({ code: 'evidence-of-nothing', params: { kind: kind.label[ctx.lang] } });
  draft.evidence = { kind, fields: readNames(draft, access, names), at: notLater(input.at, ctx.at) };
}

function readNames(draft: Draft, access: ObjectAccess, names: string[]): FieldDef[] {
  const fields: FieldDef[] = [];
  for (const name of names) {
    const field = fieldOf(draft.object, name);
    const mode = field ? ceilingOf(access, name) : 'hidden';
    if (!field || field.retired || mode === 'hidden')
      draft.issues.push({ code: 'field-unknown', field: name, params: { name } });
    else fields.push(field);
  }
  return fields;
}

/** A moment in the future would make a value fresher than it can be. */
function notLater(at: string | undefined, now: Date): Date {
  return at ? new Date(Math.min(Date.parse(at), now.getTime())) : now;
}

/** Errors of a draft; warnings don't stop it. */
export function errorsOf(issues: Issue[]): Issue[] {
  return issues.filter((issue) => issue.level !== 'warning');
}

/** Required fields of a record that would be empty. */
export function missingRequired(object: ObjectDef, values: Record<string, FieldValue>, only?: string[]): Issue[] {
  return rolesOf(object)
    .required.filter((field) => !only || only.includes(field.name))
    .filter((field) => (values[field.name] ?? null) === null)
    .map((field) => ({ code: 'required', field: field.name }));
}
