import { v7 as uuidv7 } from 'uuid';
import { issueSentence } from '../../../contract/issue-sentence.ts';
import { ceilingOf } from '../../../domain/access/reach.ts';
import type { Change } from '../../../domain/change/types.ts';
import { judgeMatches } from '../../../domain/forms/index.ts';
import { same } from '../../../domain/review/index.ts';
import type { Catalog, FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { fieldOf, objectOf } from '../../records/catalog/lookup.ts';
import type { Ctx, Row } from '../../records/types.ts';
import { hintDuplicates, keysOfValues, type Match, mayBeOne } from '../duplicates/index.ts';
import type { NewProposal } from '../proposals/index.ts';
import type { FormDeps } from './deps.ts';
import type { StoredForm } from './form-store.ts';
import { type Asked, readAnswers } from './read-answers.ts';
import { type Done, recordsOfKeys, type Submission } from './submission-store.ts';

export type Values = Record<string, FieldValue>;

/** What the submissions of one form share. */
export interface Scene {
  deps: FormDeps;
  ctx: Ctx;
  form: StoredForm;
  catalog: Catalog;
  main: ObjectDef;
  also: ObjectDef | null;
  asked: Asked[];
}

/** All that follows from one submission. */
export interface Plan {
  submission: Submission;
  done: Done;
  changes: (Change & { id: string })[];
  proposals: NewProposal[];
  /** Keys of what is made, for whoever sends the same a moment later. */
  keys: { object: number; key: number; record: string }[];
  /** The record that agreed to what stands in the form. */
  agreed: { object: string; id: string } | null;
}

/** By object: what was typed, and what the form writes by itself. */
export function valuesOf(
  scene: Scene,
  submission: Submission,
): { main: Values; also: Values | null; problem: Done['why'] } {
  const { form, asked, main, also, deps, ctx } = scene;
  const read = readAnswers(asked, submission.answers ?? {}, deps.env(ctx), 'zh');
  const [bad] = read.problems.keys();
  const wrong = asked.find(({ question }) => question.id === bad);
  const sentence = (lang: 'zh' | 'en') =>
    readAnswers(asked, submission.answers ?? {}, deps.env(ctx), lang).problems.get(bad ?? '') ?? '';
  const fixed = Object.fromEntries(form.design.fixed.map(({ field, value }) => [field, value]));
  const owner = main.owner !== undefined && form.design.owner !== undefined ? { [main.owner]: form.design.owner } : {};
  const theirs = also ? (read.values[also.name] ?? null) : null;
  return {
    main: { ...fixed, ...owner, ...read.values[main.name] },
    also: theirs,
    problem: wrong && { code: 'not-valid', message: { zh: sentence('zh'), en: sentence('en') } },
  };
}

/** What was typed: what the form writes by itself says nothing about who it is. */
export const tellingOf = ({ main, form }: Pick<Scene, 'main' | 'form'>, values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).filter(
      ([name]) => name !== main.owner && !form.design.fixed.some(({ field }) => field === name),
    ),
  );

/** What is about to be made in one go, so that nobody in it is made twice. */
export function openBatch() {
  const made: { object: ObjectDef; values: Values }[] = [];
  const byKey = new Map<string, number[]>();
  return {
    add(object: ObjectDef, values: Values, keys: readonly number[]): void {
      const at = made.push({ object, values }) - 1;
      for (const key of keys) byKey.set(`${object.id} ${key}`, [...(byKey.get(`${object.id} ${key}`) ?? []), at]);
    },
    async has({ deps, ctx }: Pick<Scene, 'deps' | 'ctx'>, object: ObjectDef, values: Values, keys: readonly number[]) {
      for (const at of new Set(keys.flatMap((key) => byKey.get(`${object.id} ${key}`) ?? []))) {
        const other = made[at];
        if (other && (await mayBeOne(deps, ctx, object, values, other.values))) return true;
      }
      return false;
    },
  };
}

/** A submission with what was typed in it and the keys by which others like it are found. */
export interface Read {
  submission: Submission;
  values: ReturnType<typeof valuesOf>;
  telling: Values;
  keys: number[];
  alsoKeys: number[];
}

/** @returns null: it may be the same as one before it in the batch, so it is its turn later */
export async function readSubmission(
  scene: Scene,
  submission: Submission,
  batch: ReturnType<typeof openBatch>,
): Promise<Read | null> {
  const { main, also, catalog } = scene;
  const values = valuesOf(scene, submission);
  const telling = tellingOf(scene, values.main);
  const keys = keysOfValues(catalog, main, telling);
  const alsoKeys = also && values.also ? keysOfValues(catalog, also, values.also) : [];
  if (await batch.has(scene, main, telling, keys)) return null;
  if (also && values.also && (await batch.has(scene, also, values.also, alsoKeys))) return null;
  batch.add(main, telling, keys);
  if (also && values.also) batch.add(also, values.also, alsoKeys);
  return { submission, values, telling, keys, alsoKeys };
}

/** What follows from a submission by itself. */
export async function planSubmission(
  scene: Scene,
  { submission, values, telling, keys, alsoKeys }: Read,
): Promise<Plan> {
  const { main, also, catalog, form } = scene;
  const hold = (why: NonNullable<Done['why']>, candidates: Done['candidates'] = []): Plan => ({
    ...nothing(submission),
    done: { id: submission.id, state: 'held', why, object: main.name, candidates, keep: true },
  });
  if (values.problem) return hold(values.problem);
  const mains = await matchesOf(scene, main, telling, keys);
  const alsos = also && values.also ? await matchesOf(scene, also, values.also, alsoKeys) : null;
  const verdict = judgeMatches(mains, alsos && (await withParents(scene, alsos)));
  if (verdict.is === 'unsure') return hold({ code: verdict.why }, verdict.among);
  if (verdict.is === 'known') {
    const object = objectOf(catalog, verdict.main.object);
    const parts = [await planKnown(scene, submission, main, object, verdict.main.id, telling)];
    if (also && values.also && verdict.also)
      parts.push(await planKnown(scene, submission, also, also, verdict.also.id, values.also));
    return joined(submission, parts, verdict.main);
  }
  if (form.design.outcome === 'review') return hold({ code: 'review' });
  return planNew(scene, submission, values, [
    ...keys.map((key) => ({ object: main.id, key })),
    ...alsoKeys.map((key) => ({ object: also?.id ?? 0, key })),
  ]);
}

const nothing = (submission: Submission): Omit<Plan, 'done'> => ({
  ...{ submission, changes: [], proposals: [], keys: [], agreed: null },
});

/** A new record, and what came along with it. */
export function planNew(
  scene: Pick<Scene, 'main' | 'also'>,
  submission: Submission,
  values: { main: Values; also: Values | null },
  keys: readonly { object: number; key: number }[],
): Plan {
  const { main, also } = scene;
  const id = uuidv7();
  const changes: Plan['changes'] = [{ op: 'create', object: main.name, id, set: values.main }];
  let agreed = { object: main.name, id };
  let other = '';
  if (also?.parent && values.also) {
    other = uuidv7();
    changes.push({ op: 'create', object: also.name, id: other, set: { ...values.also, [also.parent]: id } });
    agreed = { object: also.name, id: other };
  }
  return {
    ...nothing(submission),
    changes,
    keys: keys.map(({ object, key }) => ({ object, key, record: object === main.id ? id : other })),
    agreed,
    done: { id: submission.id, state: 'created', object: main.name, record: id },
  };
}

interface Part {
  changes: Plan['changes'];
  proposals: NewProposal[];
}

/**
 * What a submission says about a record that is there: differing values are proposed, the same ones are a sign that they are right.
 * @param from object that the values are of; another than the record's where a rule joins the two
 */
export async function planKnown(
  scene: Pick<Scene, 'deps' | 'ctx'>,
  submission: Submission,
  from: ObjectDef,
  object: ObjectDef,
  id: string,
  values: Values,
): Promise<Part> {
  const { deps, ctx } = scene;
  const access = ctx.access.objects[object.name];
  const row = await deps.read.get(ctx, object.name, id);
  const said = from === object ? values : carried(from, object, values);
  const mine = Object.entries(said).filter(
    ([name]) => ceilingOf(access, name) === 'edit' && !row.locked?.includes(name),
  );
  const differs = mine.filter(([name, value]) => !same(row.values[name] ?? null, value));
  const repeated = mine
    .filter(([name, value]) => same(row.values[name] ?? null, value) && fieldOf(object, name)?.tracked)
    .map(([name]) => name);
  const evidence = repeated.length > 0 && (access?.actions.includes('verify') ?? false);
  return {
    changes: evidence
      ? [
          {
            op: 'update',
            object: object.name,
            id,
            evidence: { kind: 'form-repeated', fields: repeated, at: submission.at.toISOString() },
          },
        ]
      : [],
    proposals: differs.length > 0 ? [proposalOf(ctx, object, row, differs)] : [],
  };
}

const proposalOf = (ctx: Ctx, object: ObjectDef, row: Row, differs: [string, FieldValue][]): NewProposal => ({
  ...{
    at: ctx.at,
    object: object.name,
    record: row.id,
    actor: ctx.actor,
    source: ctx.source,
    reason: ctx.reason ?? null,
  },
  wanted: Object.fromEntries(differs),
  before: Object.fromEntries(differs.map(([name]) => [name, row.values[name] ?? null])),
  version: row.version,
});

/** Values of one object as another says the same: by name and type, or because both have one field of that meaning (a lead's company, a customer's name). */
export function carried(from: ObjectDef, to: ObjectDef, values: Values): Values {
  const live = (object: ObjectDef) =>
    object.fields.filter((field) => !field.retired && !field.readonly && !field.encrypted);
  const alone = (field: FieldDef) =>
    field.match !== undefined && field.match !== 'none'
      ? live(to).filter((other) => other.type === field.type && other.match === field.match)
      : [];
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]): [string, FieldValue][] => {
      const field = fieldOf(from, name);
      if (!field) return [];
      const named = live(to).find((other) => other.name === name && other.type === field.type && !other.options);
      const [only, second] = alone(field);
      const found = named ?? (only && !second ? only : undefined);
      return found ? [[found.name, value]] : [];
    }),
  );
}

function joined(submission: Submission, parts: Part[], main: { object: string; id: string }): Plan {
  const proposals = parts.flatMap((part) => part.proposals);
  return {
    ...nothing(submission),
    changes: parts.flatMap((part) => part.changes),
    proposals,
    done: {
      id: submission.id,
      state: proposals.length > 0 ? 'proposed' : 'same',
      object: main.object,
      record: main.id,
    },
  };
}

export async function matchesOf(
  scene: Pick<Scene, 'deps' | 'ctx'>,
  object: ObjectDef,
  values: Values,
  keys: readonly number[],
) {
  const { deps, ctx } = scene;
  if (!ctx.access.objects[object.name]?.actions.includes('read')) return [];
  const among = await recordsOfKeys(deps.db, ctx.workspace, object.id, keys);
  const found = await hintDuplicates(deps, ctx, { object: object.name, values, among });
  return found.map((match: Match) => ({
    ...{ object: match.object, id: match.id, probability: match.probability },
    byRule: match.rule !== null,
  }));
}

/** The record that each belongs to. */
export async function withParents(
  { deps, ctx, catalog }: Pick<Scene, 'deps' | 'ctx' | 'catalog'>,
  found: Awaited<ReturnType<typeof matchesOf>>,
) {
  const parents = [];
  for (const match of found) {
    const object = objectOf(catalog, match.object);
    const target = object.parent === undefined ? undefined : fieldOf(object, object.parent)?.target;
    const row = await deps.read.get(ctx, match.object, match.id);
    const id = object.parent === undefined ? null : row.values[object.parent];
    parents.push({ ...match, parent: target !== undefined && typeof id === 'string' ? { object: target, id } : null });
  }
  return parents;
}

/** The sentence of what the write door has against it. */
export function refusalOf(
  catalog: Catalog,
  outcome: { object: string; issues?: Parameters<typeof issueSentence>[0][] },
): NonNullable<Done['why']> {
  const [issue] = (outcome.issues ?? []).filter(({ level }) => level !== 'warning');
  if (!issue) return { code: 'conflict' };
  const object = objectOf(catalog, outcome.object);
  return {
    code: 'refused',
    message: { zh: issueSentence(issue, object, 'zh'), en: issueSentence(issue, object, 'en') },
  };
}
