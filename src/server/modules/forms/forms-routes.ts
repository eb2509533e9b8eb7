import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { AppError } from '../../../contract/errors.ts';
import { forms as api } from '../../../contract/forms.ts';
import {
  companions,
  designProblems,
  type FormDesign,
  formFields,
  shownQuestions,
} from '../../../domain/forms/index.ts';
import type { Label, Lang } from '../../../domain/issue.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { Ctx } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';
import { decideSubmission } from './decide-submission.ts';
import { ctxOfForm, type FormDeps } from './deps.ts';
import { findForm, listForms, removeForm, type StoredForm, saveForm, setFormState, wordsOf } from './form-store.ts';
import { formPage } from './page/form-page.ts';
import { formFiles } from './page/page-script.ts';
import { askedOf } from './read-answers.ts';
import { countForms, findSubmission, listSubmissions } from './submission-store.ts';
import { maySee, viewSubmissions } from './submission-views.ts';

export interface FormRouteDeps extends FormDeps {
  ctxOf: MakeCtx;
  publicUrl: string | undefined;
  firm: (workspace: string) => Promise<string>;
}

type View = z.input<NonNullable<typeof api.get.response>>;
const PAGE = 50;
/** Forms of a workspace. */
const MOST = 500;

const mayEdit = ({ access }: Ctx): boolean => access.admin || (access.acts?.includes('settings') ?? false);

/** The HTTP edge for the people inside; the public pages are in page-routes.ts. */
export function formsRoutes(app: App, deps: FormRouteDeps): void {
  const { db, ctxOf } = deps;
  const files = formFiles();
  const originOf = (request: FastifyRequest): string => deps.publicUrl ?? `${request.protocol}://${request.host}`;

  route(app, api.list, async (call) => {
    const ctx = await ctxOf(call);
    const stored = (await listForms(db, ctx.workspace)).filter((form) => mayEdit(ctx) || maySee(ctx, form));
    return { forms: await views(ctx, stored, call.lang, originOf(call.request)), mayMake: mayEdit(ctx) };
  });

  route(app, api.choices, async (call) => {
    const ctx = await ctxOf(call);
    const catalog = await deps.catalog.get(ctx.workspace);
    const named = (object: (typeof catalog.objects)[number]) => ({
      object: object.name,
      label: object.label,
      fields: formFields(object, ctx.access.objects[object.name]).map(({ name }) => name),
    });
    return {
      objects: catalog.objects
        .filter((object) => formFields(object, ctx.access.objects[object.name]).length > 0)
        .map((object) => ({ ...named(object), also: companions(catalog, object, ctx.access).map(named) })),
    };
  });

  route(app, api.get, async (call) => {
    const ctx = await ctxOf(call);
    return one(ctx, await visible(ctx, call.params.id), call.lang, originOf(call.request));
  });

  route(app, api.save, async (call) => {
    const ctx = await ctxOf(call);
    const { design, version: from } = call.body;
    if (from === 0 && (await listForms(db, ctx.workspace)).length >= MOST)
      throw new AppError('too-large', { limit: MOST });
    if (from > 0) {
      const known = await findForm(db, ctx.workspace, call.params.id);
      // What is open must stay good: nobody looks at it again before strangers do.
      if (known.state === 'open') await requireGood(ctx, design, call.lang);
    }
    const author = ctx.actor.replace(/^(user|key):/, '');
    const saved = await saveForm(db, ctx.workspace, { id: call.params.id, design, from, author, at: ctx.at });
    return one(ctx, saved, call.lang, originOf(call.request));
  });

  route(app, api.state, async (call) => {
    const ctx = await ctxOf(call);
    const form = await findForm(db, ctx.workspace, call.params.id);
    if (call.body.state === 'open') {
      const maker = await ctxOfForm(deps, ctx.workspace, form, ctx.at);
      await requireGood(maker ?? ctx, form.design, call.lang);
    }
    const saved = await setFormState(db, ctx.workspace, form.id, call.body.state, ctx.at);
    return one(ctx, saved, call.lang, originOf(call.request));
  });

  route(app, api.remove, async (call) => {
    const ctx = await ctxOf(call);
    await removeForm(db, ctx.workspace, call.params.id);
    return { ok: true as const };
  });

  route(app, api.preview, async (call) => {
    const ctx = await ctxOf(call);
    const { design, lang } = call.body;
    const catalog = await deps.catalog.get(ctx.workspace);
    const asked = askedOf(design, catalog);
    const purpose = design.consent?.purpose;
    const consent = purpose === undefined ? null : await wordsOf(db, ctx.workspace, purpose);
    const html = formPage({
      ...{ lang, firm: await deps.firm(ctx.workspace), design, asked, answers: {}, agreed: [], problems: new Map() },
      shown: shownQuestions(
        asked.map(({ question }) => question),
        {},
      ),
      consent: consent?.words ?? null,
      challenge: '',
      style: files.style.url,
      script: files.script.url,
    });
    return { html, problems: (await problemsOf(ctx, design)).map((problem) => problem[call.lang]) };
  });

  route(app, api.submissions, async (call) => {
    const ctx = await ctxOf(call);
    const { form, state, before, limit = PAGE } = call.query;
    const seen = (await listForms(db, ctx.workspace)).filter((one) => maySee(ctx, one) && (!form || one.id === form));
    const states = state === undefined ? undefined : state === 'open' ? (['received', 'held'] as const) : [state];
    const rows = await listSubmissions(db, ctx.workspace, {
      forms: seen.map(({ id }) => id),
      states,
      before,
      limit: limit + 1,
    });
    const page = rows.slice(0, limit);
    const next = rows.length > limit ? page.at(-1)?.id : undefined;
    const submissions = await viewSubmissions(deps, ctx, new Map(seen.map((one) => [one.id, one])), page);
    return { submissions, ...(next !== undefined && { next }) };
  });

  route(app, api.decide, async (call) => {
    const ctx = await ctxOf(call);
    const submission = await findSubmission(db, ctx.workspace, call.params.id);
    const form = submission && (await findForm(db, ctx.workspace, submission.form));
    if (!submission || !form || !maySee(ctx, form)) throw new AppError('not-found');
    await decideSubmission(deps, ctx, form, submission, call.body);
    const decided = await findSubmission(db, ctx.workspace, submission.id);
    const [view] = await viewSubmissions(deps, ctx, new Map([[form.id, form]]), decided ? [decided] : []);
    if (!view) throw new AppError('not-found');
    return view;
  });

  async function visible(ctx: Ctx, id: string): Promise<StoredForm> {
    const form = await findForm(db, ctx.workspace, id);
    if (!mayEdit(ctx) && !maySee(ctx, form)) throw new AppError('not-found');
    return form;
  }

  /** What keeps a form of somebody from being published. */
  async function problemsOf(maker: Ctx, design: FormDesign): Promise<Label[]> {
    const problems = designProblems(design, await deps.catalog.get(maker.workspace), maker.access);
    const purpose = design.consent?.purpose;
    if (purpose === undefined || (await wordsOf(db, maker.workspace, purpose))) return problems;
    const gone = {
      zh: '请对方同意的目的已停用，请另选一个',
      en: 'The purpose that one agrees to is retired; choose another',
    };
    return [...problems, gone];
  }

  async function requireGood(ctx: Ctx, design: FormDesign, lang: Lang): Promise<void> {
    const problems = await problemsOf(ctx, design);
    if (problems.length === 0) return;
    throw new AppError('form-wrong', {
      detail: problems.map((problem) => problem[lang]).join(lang === 'zh' ? '；' : '; '),
    });
  }

  async function one(ctx: Ctx, form: StoredForm, lang: Lang, origin: string): Promise<View> {
    const [view] = await views(ctx, [form], lang, origin);
    if (!view) throw new AppError('not-found');
    return view;
  }

  async function views(ctx: Ctx, stored: StoredForm[], lang: Lang, origin: string): Promise<View[]> {
    const counts = await countForms(db, ctx.workspace, ctx.at);
    const names = await deps.names(ctx.workspace, [...new Set(stored.map(({ author }) => author))]);
    const found: View[] = [];
    for (const form of stored) {
      // Problems are those of whose permissions it has, not of who looks.
      const maker = await ctxOfForm(deps, ctx.workspace, form, ctx.at);
      const gone = { zh: '保存它的人已停用，请重新保存', en: 'Whoever saved it is gone; save it again' };
      const problems = maker ? await problemsOf(maker, form.design) : [gone];
      found.push({
        ...{ id: form.id, design: form.design, state: form.state, version: form.version, author: form.author },
        url: `${origin}/f/${form.key}`,
        authorName: names[form.author] ?? '—',
        updatedAt: form.updated_at.toISOString(),
        counts: counts.get(form.id)?.counts ?? {},
        junk: counts.get(form.id)?.junk ?? {},
        problems: problems.map((problem) => problem[lang]),
        mayEdit: mayEdit(ctx),
      });
    }
    return found;
  }
}
