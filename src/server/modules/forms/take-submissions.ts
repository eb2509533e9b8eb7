import type { Outcome } from '../../../domain/change/types.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import { addConsent } from '../consent/index.ts';
import { ctxOfForm, type FormDeps } from './deps.ts';
import { listForms, type StoredForm } from './form-store.ts';
import {
  openBatch,
  type Plan,
  planSubmission,
  type Read,
  readSubmission,
  refusalOf,
  type Scene,
} from './plan-submission.ts';
import { askedOf } from './read-answers.ts';
import {
  addKeys,
  type Done,
  DoneMeanwhile,
  markDone,
  putOff,
  type Submission,
  waitingSubmissions,
} from './submission-store.ts';

/** Submissions taken up at a time, and looked up at a time. */
const PORTION = 60;
const AT_ONCE = 4;

/**
 * Makes of submissions what follows. Of each, what it writes, proposes and tells, and the note that it is done, are one transaction, so it happens once
 * whatever crashes and however many processes try. Returns whether there may be more.
 */
export async function takeSubmissions(deps: FormDeps, workspace: string): Promise<boolean> {
  const waiting = await waitingSubmissions(deps.db, workspace, deps.now(), PORTION);
  if (waiting.length === 0) return false;
  const forms = new Map((await listForms(deps.db, workspace)).map((form) => [form.id, form]));
  for (const id of new Set(waiting.map(({ form }) => form))) {
    const form = forms.get(id);
    if (!form) continue;
    const own = waiting.filter((one) => one.form === id);
    // What failed before is tried alone.
    await takeGroup(
      deps,
      workspace,
      form,
      own.filter(({ tries }) => tries === 0),
    );
    for (const one of own.filter(({ tries }) => tries > 0)) await takeGroup(deps, workspace, form, [one]);
  }
  return true;
}

async function takeGroup(
  deps: FormDeps,
  workspace: string,
  form: StoredForm,
  group: readonly Submission[],
): Promise<void> {
  if (group.length === 0) return;
  const now = deps.now();
  try {
    const scene = await sceneOf(deps, workspace, form, now);
    if (typeof scene === 'string') {
      const done = group.map(({ id }): Done => ({ id, state: 'held', why: { code: scene }, keep: true }));
      await markDone(deps.db, workspace, done, { changeSet: null, at: now, by: null, from: ['received'] });
      return;
    }
    for (let left: readonly Submission[] = group; left.length > 0; ) left = await takeSome(scene, left);
  } catch (error) {
    if (error instanceof DoneMeanwhile) return;
    deps.log.warn({ err: error, form: form.id, submissions: group.length }, 'submissions not taken');
    for (const one of group) await putOff(deps.db, workspace, one, now);
  }
}

/** @returns what keeps the form from making anything, or what it works with */
async function sceneOf(deps: FormDeps, workspace: string, form: StoredForm, now: Date): Promise<Scene | string> {
  const ctx = await ctxOfForm(deps, workspace, form, now);
  if (!ctx) return 'author-gone';
  const catalog = await deps.catalog.get(workspace);
  const live = (name: string | undefined) => catalog.objects.find((one) => one.name === name && !one.retired) ?? null;
  const main = live(form.design.object);
  if (!main) return 'object-gone';
  return { deps, ctx, form, catalog, main, also: live(form.design.also), asked: askedOf(form.design, catalog) };
}

/** @returns those whose turn comes when what was made of these is there: they may be the same people again */
async function takeSome(scene: Scene, group: readonly Submission[]): Promise<Submission[]> {
  const batch = openBatch();
  const turn: Read[] = [];
  const later: Submission[] = [];
  for (const submission of group) {
    const read = await readSubmission(scene, submission, batch);
    if (read) turn.push(read);
    else later.push(submission);
  }
  const plans: Plan[] = [];
  for (let at = 0; at < turn.length; at += AT_ONCE)
    plans.push(...(await Promise.all(turn.slice(at, at + AT_ONCE).map((read) => planSubmission(scene, read)))));
  await carryOut(scene, plans);
  return later;
}

async function carryOut(scene: Scene, plans: readonly Plan[]): Promise<void> {
  const { deps, ctx, catalog } = scene;
  const failure = await writePlans(scene, plans);
  if (failure === null) return;
  const [only] = plans;
  if (plans.length > 1 || !only) {
    // One of them can't be written: each by itself, so that the others are.
    for (const plan of plans) await carryOut(scene, [plan]);
    return;
  }
  const { id } = only.submission;
  const done: Done = { id, state: 'held', why: refusalOf(catalog, failure), object: scene.main.name, keep: true };
  await writePlans(scene, [{ ...only, done, changes: [], proposals: [], keys: [], agreed: null }]);
  deps.log.debug({ form: scene.form.id, submission: id, actor: ctx.actor }, 'submission held');
}

/** @returns the first outcome that stands against it; null: all is done */
async function writePlans(scene: Scene, plans: readonly Plan[]): Promise<Outcome | null> {
  const { deps, ctx } = scene;
  const changes = plans.flatMap((plan) => plan.changes);
  if (changes.length === 0) {
    await deps.db.tx((tx) => finish(scene, tx, plans, null));
    return null;
  }
  let marked = false;
  const { outcomes } = await deps.write.write(ctx, changes, {
    kind: 'form',
    alongside: async (tx, { changeSet }) => {
      marked = true;
      await finish(scene, tx, plans, changeSet);
    },
  });
  const failure = outcomes.find(({ status }) => status === 'rejected' || status === 'conflict');
  if (failure) return failure;
  // Signs that tell nothing new are no write; what else is planned is done all the same.
  if (!marked) await deps.db.tx((tx) => finish(scene, tx, plans, null));
  return null;
}

async function finish(
  { deps, ctx, form }: Scene,
  tx: Tx,
  plans: readonly Plan[],
  changeSet: string | null,
): Promise<void> {
  const made = plans.filter(({ done }) => done.state === 'created');
  const others = plans.filter(({ done }) => done.state !== 'created');
  const stroke = { at: ctx.at, by: null, from: ['received'] as const };
  if (made.length > 0)
    await markDone(
      tx,
      ctx.workspace,
      made.map(({ done }) => done),
      { ...stroke, changeSet },
    );
  if (others.length > 0)
    await markDone(
      tx,
      ctx.workspace,
      others.map(({ done }) => done),
      { ...stroke, changeSet: null },
    );
  await addKeys(
    tx,
    ctx.workspace,
    plans.flatMap(({ keys }) => keys),
    ctx.at,
  );
  const proposals = plans.flatMap((plan) => plan.proposals);
  if (proposals.length > 0) await deps.propose(tx, ctx.workspace, proposals);
  for (const { submission, agreed } of made) if (agreed) await noteConsents(tx, ctx, submission, agreed);
  for (const { done } of plans) await tell(deps, tx, ctx, form, done);
}

/** What was agreed to on the page, with the words that stood there. */
export async function noteConsents(
  tx: Tx,
  ctx: Ctx,
  submission: Submission,
  agreed: { object: string; id: string },
): Promise<void> {
  for (const { purpose, separate } of submission.consents)
    await addConsent(tx, ctx.workspace, {
      ...{
        object: agreed.object,
        person: agreed.id,
        purpose,
        separate,
        channel: 'any',
        state: 'given',
        at: submission.at,
      },
      ...{ source: 'form', note: null, by: null },
    });
}

async function tell(deps: FormDeps, tx: Tx, ctx: Ctx, { design }: StoredForm, done: Done): Promise<void> {
  const kind = done.state === 'created' ? 'form-created' : done.state === 'held' ? 'form-held' : 'form-known';
  for (const account of design.tell)
    await deps.notify(tx, ctx.workspace, {
      ...{ account, cause: `form ${done.id}`, kind, params: { form: design.name } },
      ...(done.object !== undefined && done.record !== undefined && { object: done.object, record: done.record }),
    });
}
