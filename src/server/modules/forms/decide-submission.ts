import type { z } from 'zod';
import { AppError } from '../../../contract/errors.ts';
import type { forms } from '../../../contract/forms.ts';
import type { Change } from '../../../domain/change/types.ts';
import { judgeMatches } from '../../../domain/forms/index.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import type { Ctx } from '../../records/types.ts';
import { keysOfValues } from '../duplicates/index.ts';
import { ctxOfForm, FORM_ACTOR, type FormDeps } from './deps.ts';
import type { StoredForm } from './form-store.ts';
import {
  matchesOf,
  type Plan,
  planKnown,
  planNew,
  refusalOf,
  type Scene,
  tellingOf,
  valuesOf,
  withParents,
} from './plan-submission.ts';
import { askedOf } from './read-answers.ts';
import { addKeys, type Done, DoneMeanwhile, markDone, type Named, type Submission } from './submission-store.ts';
import { noteConsents } from './take-submissions.ts';

type Decision = z.output<NonNullable<typeof forms.decide.body>>;

/** What waits for a person; what was put aside can be taken back. */
const OPEN = ['held', 'junk', 'rejected'] as const;

/**
 * Does what a person says about a submission that waits. Records are written in the form's name with the permissions of who decides, like proposals that
 * are accepted.
 */
export async function decideSubmission(
  deps: FormDeps,
  ctx: Ctx,
  form: StoredForm,
  submission: Submission,
  decision: Decision,
): Promise<void> {
  if (!submission.answers || !OPEN.some((state) => state === submission.state)) throw new AppError('form-decided');
  try {
    if (decision.do === 'reject') {
      const done: Done = { id: submission.id, state: 'rejected', keep: true };
      await markDone(deps.db, ctx.workspace, [done], { changeSet: null, at: ctx.at, by: ctx.actor, from: OPEN });
      return;
    }
    const catalog = await deps.catalog.get(ctx.workspace);
    const main = objectOf(catalog, form.design.object);
    const also = catalog.objects.find(({ name, retired }) => name === form.design.also && !retired) ?? null;
    const asked = askedOf(form.design, catalog);
    const own: Ctx = { ...ctx, actor: FORM_ACTOR + form.id, source: 'form', reason: form.design.name };
    const scene: Scene = { deps, ctx: own, form, catalog, main, also, asked };
    const plan =
      decision.do === 'create' ? await planCreate(scene, submission) : await planAttach(scene, submission, decision);
    await carryOut(scene, ctx, plan);
  } catch (error) {
    if (error instanceof DoneMeanwhile) throw new AppError('form-decided');
    throw error;
  }
}

async function planCreate(scene: Scene, submission: Submission): Promise<Plan> {
  const { deps, ctx, form, main, also, catalog } = scene;
  const values = valuesOf(scene, submission);
  const telling = tellingOf(scene, values.main);
  const keys = keysOfValues(catalog, main, telling);
  const alsoKeys = also && values.also ? keysOfValues(catalog, also, values.also) : [];
  // What came on record since he was asked, whether or not he may see it.
  const maker = await ctxOfForm(deps, ctx.workspace, form, ctx.at);
  const all = { ...scene, ctx: maker ?? ctx };
  const verdict = judgeMatches(await matchesOf(all, main, telling, keys), null);
  const known: Named | null = verdict.is === 'known' ? { object: verdict.main.object, id: verdict.main.id } : null;
  if (known && !submission.candidates.some(({ id }) => id === known.id)) {
    const candidates = [...submission.candidates, known];
    const done: Done = {
      id: submission.id,
      state: 'held',
      why: { code: 'maybe' },
      object: main.name,
      candidates,
      keep: true,
    };
    await markDone(deps.db, ctx.workspace, [done], { changeSet: null, at: ctx.at, by: null, from: OPEN });
    throw new AppError('form-known-meanwhile');
  }
  return planNew(scene, submission, values, [
    ...keys.map((key) => ({ object: main.id, key })),
    ...alsoKeys.map((key) => ({ object: also?.id ?? 0, key })),
  ]);
}

/** As about a record that is there: differing values are proposed to it, and a contact that it has not is added. */
async function planAttach(scene: Scene, submission: Submission, to: { object: string; record: string }): Promise<Plan> {
  const { main, also, catalog } = scene;
  const object = catalog.objects.find(({ name, retired }) => name === to.object && !retired);
  if (!object || !submission.candidates.some(({ id }) => id === to.record)) throw new AppError('record-unknown');
  const values = valuesOf(scene, submission);
  const parts = [await planKnown(scene, submission, main, object, to.record, tellingOf(scene, values.main))];
  const added: (Change & { id: string })[] = [];
  if (also?.parent && values.also && object === main) {
    const found = await withParents(
      scene,
      await matchesOf(scene, also, values.also, keysOfValues(catalog, also, values.also)),
    );
    const person = found.find(
      ({ parent, byRule, probability }) => parent?.id === to.record && (byRule || probability >= 0.9),
    );
    if (person) parts.push(await planKnown(scene, submission, also, also, person.id, values.also));
    else
      added.push(
        ...planNew(
          { main: also, also: null },
          submission,
          { main: { ...values.also, [also.parent]: to.record }, also: null },
          [],
        ).changes,
      );
  }
  const proposals = parts.flatMap((part) => part.proposals);
  const [contact] = added;
  return {
    ...{ submission, proposals, keys: [], changes: [...parts.flatMap(({ changes }) => changes), ...added] },
    agreed: { object: contact?.object ?? to.object, id: contact?.id ?? to.record },
    done: {
      id: submission.id,
      state: proposals.length > 0 || added.length > 0 ? 'proposed' : 'same',
      object: to.object,
      record: to.record,
    },
  };
}

async function carryOut(
  scene: Scene,
  by: Ctx,
  { submission, done, changes, proposals, keys, agreed }: Plan,
): Promise<void> {
  const { deps, ctx, catalog } = scene;
  let marked = false;
  const finish = async (tx: Parameters<typeof addKeys>[0], changeSet: string | null): Promise<void> => {
    marked = true;
    const stroke = { changeSet: done.state === 'created' ? changeSet : null, at: ctx.at, by: by.actor, from: OPEN };
    await markDone(tx, ctx.workspace, [done], stroke);
    await addKeys(tx, ctx.workspace, keys, ctx.at);
    if (proposals.length > 0) await deps.propose(tx, ctx.workspace, proposals);
    if (agreed) await noteConsents(tx, ctx, submission, agreed);
  };
  if (changes.length > 0) {
    const { outcomes } = await deps.write.write(ctx, changes, {
      kind: 'form',
      reviewed: true,
      alongside: (tx, { changeSet }) => finish(tx, changeSet),
    });
    const failure = outcomes.find(({ status }) => status === 'rejected' || status === 'conflict');
    if (failure)
      throw new AppError('form-refused', { detail: refusalOf(catalog, failure).message?.[by.lang] ?? failure.status });
  }
  if (!marked) await deps.db.tx((tx) => finish(tx, null));
}
