import type { FastifyRequest } from 'fastify';
import { asking } from '../../../contract/asking.ts';
import { AppError } from '../../../contract/errors.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { MakeCtx } from '../edge.ts';
import { listAsks, viewAsks } from './ask-views.ts';
import { createAsk } from './create-ask.ts';
import type { AskingDeps } from './deps.ts';
import { draftAsk, type FieldChoice } from './draft-ask.ts';
import { embedAsk } from './embed-ask.ts';
import { newLink, revoke } from './follow-up.ts';
import { writeLetter } from './letter.ts';
import { readAskingSettings, saveAskingSettings } from './settings.ts';

const PAGE = 50;

/** The HTTP edge for those who ask; the customer's page is in page-routes.ts. */
export function askingRoutes(app: App, deps: AskingDeps & { ctxOf: MakeCtx; publicUrl: string | undefined }): void {
  const { ctxOf } = deps;
  const originOf = (request: FastifyRequest): string => deps.publicUrl ?? `${request.protocol}://${request.host}`;
  const choice = ({ field, masked, state, suggested }: FieldChoice) => ({
    field: field.name,
    label: field.label,
    masked,
    state,
    suggested,
  });

  route(app, asking.draft, async (call) => {
    const ctx = await ctxOf(call);
    const draft = await draftAsk(deps, ctx, call.params.object, call.params.id);
    const settings = await readAskingSettings(deps.db, ctx.workspace);
    const mail = await deps.channels.find(ctx.workspace, 'mail');
    return {
      title: draft.title,
      fields: draft.fields.map(choice),
      people: draft.people.map(({ contact, name, email, phone, fields }) => ({
        contact,
        name,
        email,
        phone,
        fields: fields.map(choice),
      })),
      templates: settings.templates,
      expireDays: settings.expireDays,
      remindDays: settings.remindDays,
      mail: mail?.enabled ?? false,
    };
  });

  route(app, asking.create, async (call) => {
    const ctx = await ctxOf(call);
    const made = await createAsk(deps, ctx, call.body, originOf(call.request));
    const [ask] = await viewAsks(deps, ctx, [made.ask]);
    if (!ask) throw new AppError('not-found');
    const links = made.recipients.map(({ id, name, way }, i) => ({
      recipient: id,
      name,
      way,
      url: made.urls[i] ?? '',
    }));
    return { ask, links };
  });

  route(app, asking.embed, async (call) => {
    const ctx = await ctxOf(call);
    return embedAsk(deps, ctx, call.body, originOf(call.request));
  });

  route(app, asking.list, async (call) => {
    const ctx = await ctxOf(call);
    return listAsks(deps, ctx, { ...call.query, limit: call.query.limit ?? PAGE });
  });

  route(app, asking.newLink, async (call) => {
    const ctx = await ctxOf(call);
    return newLink(deps, ctx, call.params.id, call.params.recipient, false);
  });

  route(app, asking.mailAgain, async (call) => {
    const ctx = await ctxOf(call);
    await newLink(deps, ctx, call.params.id, call.params.recipient, true);
    return { ok: true as const };
  });

  route(app, asking.revoke, async (call) => {
    const ctx = await ctxOf(call);
    await revoke(deps, ctx, call.params.id, call.params.recipient);
    return { ok: true as const };
  });

  route(app, asking.settings, async (call) => {
    const ctx = await ctxOf(call);
    return readAskingSettings(deps.db, ctx.workspace);
  });

  route(app, asking.saveSettings, async (call) => {
    const ctx = await ctxOf(call);
    await saveAskingSettings(deps.db, ctx.workspace, call.body, ctx.actor);
    return readAskingSettings(deps.db, ctx.workspace);
  });

  route(app, asking.preview, async (call) => {
    const ctx = await ctxOf(call);
    const { subject, body, lang, name } = call.body;
    const facts = {
      name: name ?? (lang === 'zh' ? '张三' : 'Jane Doe'),
      company: lang === 'zh' ? '示例科技有限公司' : 'Example Ltd',
      sender: [call.caller.account.name, await deps.firm(ctx.workspace)].join(' · '),
      days: (await readAskingSettings(deps.db, ctx.workspace)).expireDays,
      url: `${originOf(call.request)}/c/…`,
    };
    return writeLetter({ subject, body }, facts, lang);
  });
}
