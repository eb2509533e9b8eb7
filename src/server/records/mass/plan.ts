import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../../contract/errors.ts';
import { issueSentence } from '../../../contract/issue-sentence.ts';
import type { PlainAction } from '../../../contract/mass.ts';
import { ceilingOf } from '../../../domain/access/reach.ts';
import type { Change } from '../../../domain/change/types.ts';
import { fieldType } from '../../../domain/fields/registry.ts';
import type { Issue } from '../../../domain/issue.ts';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { Catalog, FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import { isSpelled } from '../../../domain/standardise/respell.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { fieldOf, liveFields, objectOf } from '../catalog/lookup.ts';
import type { Ctx } from '../types.ts';
import { forbiddenOf } from '../write/distinct.ts';
import { loadSurroundings } from '../write/load.ts';
import { errorsOf, prepare } from '../write/prepare.ts';
import type { Draft, WriteDeps } from '../write/types.ts';
import type { MassPlan } from './types.ts';

/**
 * Reads a mass action once for all records: names, permissions and the value go through the write door's own preparation. Throws `object-unknown`,
 * or `invalid-input` with what is wrong for every record alike.
 */
export async function planMass(
  deps: WriteDeps,
  on: Queryable,
  ctx: Ctx,
  objectName: string,
  action: PlainAction,
): Promise<MassPlan> {
  const catalog = await deps.catalog.get(ctx.workspace);
  const object = objectOf(catalog, objectName);
  const plan =
    action.kind === 'standardise'
      ? planRespelling(deps, ctx, catalog, object, action)
      : planOf(deps, ctx, catalog, object, action);
  if (plan.kind === 'value') await checkRelation(on, ctx, catalog, plan.draft);
  if (plan.kind !== 'value' && plan.kind !== 'replace') return plan;
  await deps.guard.ready(ctx.workspace);
  return deps.guard.rules?.(ctx) ? { ...plan, held: true, path: 'stream' } : plan;
}

function planOf(
  deps: WriteDeps,
  ctx: Ctx,
  catalog: Catalog,
  object: ObjectDef,
  action: Exclude<PlainAction, { kind: 'standardise' }>,
): MassPlan {
  const draft = prepared(deps, ctx, catalog, changeFor(object, action));
  const base = { object, draft, replans: false, held: false, path: 'set' as const };
  switch (action.kind) {
    case 'delete':
      return { ...base, kind: 'life', action };
    case 'restore':
      return { ...base, kind: 'life', action, replans: true };
    case 'verify': {
      const fields = draft.verify?.fields ?? [];
      // Where a word counts in part, belief as it has aged until now goes in: the door's arithmetic.
      const partly = (deps.plans.reliability?.(ctx.workspace, ctx.actor) ?? 1) < 1;
      return { ...base, kind: 'verify', action, fields, path: partly ? 'stream' : 'set', replans: true };
    }
    case 'replace': {
      const field = knownField(object, action.field);
      refuseSealed(object, field, ctx);
      if (fieldType(field.type).kind !== 'text') refuse(object, ctx, [{ code: 'mass-not-text', field: field.name }]);
      return { ...base, kind: 'replace', action, field, path: 'stream' };
    }
    default: {
      const field = knownField(object, action.field);
      refuseSealed(object, field, ctx);
      const value = draft.set[field.name] ?? null;
      const issues: Issue[] = [];
      if (action.kind !== 'set' && fieldType(field.type).kind !== 'set')
        issues.push({ code: 'mass-not-list', field: field.name });
      if (action.kind !== 'set' && value === null) issues.push({ code: 'required', field: field.name });
      if (action.kind === 'set' && value === null && field.required)
        issues.push({ code: 'required', field: field.name });
      if (field.unique && value !== null) issues.push({ code: 'mass-unique', field: field.name });
      refuse(object, ctx, issues);
      const asked = deps.plans.fieldsAsked?.(ctx.workspace, object).has(field.name) ?? true;
      const elsewhere =
        deps.indexer.fields(object).has(field.name) ||
        field.name === object.parent ||
        // Nobody else may hold it: the door looks.
        forbiddenOf(object).some(({ fields }) => fields.includes(field.name)) ||
        // Claims of others are for the door to see, record by record.
        (field.name === object.owner && !ctx.access.admin && ctx.approved === undefined) ||
        (object.parent !== undefined && field.name === object.owner) ||
        // Taking away may leave a required list empty: that is for the door to say, record by record.
        (action.kind === 'remove' && field.required === true);
      return {
        ...base,
        kind: 'value',
        action,
        field,
        value,
        path: elsewhere ? 'stream' : 'set',
        replans: field.tracked === true || asked,
      };
    }
  }
}

function planRespelling(
  deps: WriteDeps,
  ctx: Ctx,
  catalog: Catalog,
  object: ObjectDef,
  action: Extract<PlainAction, { kind: 'standardise' }>,
): MassPlan {
  const access = ctx.access.objects[object.name];
  const editable = (field: FieldDef) => ceilingOf(access, field.name) === 'edit';
  // Named ones must exist and be allowed; of all fields, those that may be edited are meant.
  const draft = prepared(deps, ctx, catalog, {
    op: 'update',
    object: object.name,
    id: uuidv7(),
    set: Object.fromEntries((action.fields ?? []).map((name) => [name, null])),
  });
  const named = action.fields && new Set(action.fields);
  const fields = liveFields(object).filter(
    (field) => isSpelled(field) && editable(field) && (!named || named.has(field.name)),
  );
  if (fields.length === 0) refuse(object, ctx, [{ code: 'mass-no-fields' }]);
  return { kind: 'respell', action, object, draft, fields, path: 'stream', held: false, replans: false };
}

/** The change as the door would get it for one record. */
function changeFor(object: ObjectDef, action: Exclude<PlainAction, { kind: 'standardise' }>): Change {
  const base = { object: object.name, id: uuidv7() };
  switch (action.kind) {
    case 'delete':
    case 'restore':
      return { op: action.kind, ...base };
    case 'verify':
      return { op: 'update', ...base, verify: { fields: action.fields, method: action.method } };
    case 'replace':
      return { op: 'update', ...base, set: { [action.field]: null } };
    default:
      return { op: 'update', ...base, set: { [action.field]: action.value } };
  }
}

function prepared(deps: WriteDeps, ctx: Ctx, catalog: Catalog, change: Change): Draft {
  const [draft] = prepare(ctx, catalog, deps.plans, [change], deps.env(ctx));
  if (!draft) throw new Error('no draft');
  refuse(draft.object, ctx, errorsOf(draft.issues));
  return draft;
}

async function checkRelation(on: Queryable, ctx: Ctx, catalog: Catalog, draft: Draft): Promise<void> {
  const objects = new Map(catalog.objects.map((object) => [object.name, object]));
  const relations = draft.object.fields.filter(
    (field) => field.type === 'relation' && (draft.set[field.name] ?? null) !== null,
  );
  if (relations.length === 0) return;
  const { related } = await loadSurroundings(on, ctx, [draft], new Map(), objects);
  refuse(
    draft.object,
    ctx,
    relations
      .filter(({ name }) => !related.has(String(draft.set[name])))
      .map(({ name }) => ({ code: 'relation-unknown', field: name })),
  );
}

/** A run keeps what it sets, and sets it without looking at each record. */
function refuseSealed(object: ObjectDef, field: FieldDef, ctx: Ctx): void {
  if (mayBeSealed(field)) refuse(object, ctx, [{ code: 'mass-encrypted', field: field.name }]);
}

function knownField(object: ObjectDef, name: string): FieldDef {
  const field = fieldOf(object, name);
  if (!field) throw new Error(`no field ${name}`);
  return field;
}

function refuse(object: ObjectDef, ctx: Ctx, issues: Issue[]): void {
  if (issues.length === 0) return;
  const spoken = issues.map((issue) => ({ ...issue, message: issueSentence(issue, object, ctx.lang) }));
  throw new AppError('invalid-input', { count: issues.length }, { issues: spoken });
}
