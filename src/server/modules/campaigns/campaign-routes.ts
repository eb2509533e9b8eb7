import { campaigns as api } from '../../../contract/campaigns.ts';
import { AppError } from '../../../contract/errors.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { MakeCtx } from '../edge.ts';
import { actOnCampaign, checkCampaign, chooseWinner } from './act-on-campaign.ts';
import { beginCampaign } from './begin-campaign.ts';
import { readCampaign, removeCampaign, saveCampaign } from './campaign-store.ts';
import { askToConfirm, type ConfirmDeps } from './confirm-first.ts';
import { lookAtSender, type Names } from './look-at-sender.ts';
import { lettersOf } from './of-record.ts';
import { presentList, presentOne, presentRecipients } from './present.ts';
import { addressOf } from './reach.ts';
import { listSegments } from './segments.ts';
import { takeBounces } from './take-bounces.ts';
import { previewLetter, sendTestLetter } from './test-letter.ts';

export interface CampaignRouteDeps extends ConfirmDeps {
  ctxOf: MakeCtx;
  publicUrl: string | undefined;
  resolver: Names;
}

/** The HTTP edge of segments and campaigns. */
export function campaignRoutes(app: App, deps: CampaignRouteDeps): void {
  const { db, ctxOf } = deps;

  route(app, api.segments, async (call) => ({ segments: await listSegments(deps, await ctxOf(call)) }));

  route(app, api.list, async (call) => {
    const ctx = await ctxOf(call);
    const [mail, sms] = await Promise.all(['mail', 'sms'].map((id) => deps.channels.find(ctx.workspace, id)));
    return { campaigns: await presentList(deps, ctx), mail: mail?.enabled ?? false, sms: sms?.enabled ?? false };
  });

  route(app, api.read, async (call) => presentOne(deps, await ctxOf(call), call.params.id));

  route(app, api.save, async (call) => {
    const ctx = await ctxOf(call);
    const { campaign, version } = call.body;
    addressOf(await deps.catalog.get(ctx.workspace), campaign);
    const owner = ctx.actor.replace(/^user:/, '');
    await db.tx((tx) => saveCampaign(tx, ctx.workspace, call.params.id, campaign, version, { owner, at: ctx.at }));
    return presentOne(deps, ctx, call.params.id);
  });

  route(app, api.remove, async (call) => {
    const { workspace } = await ctxOf(call);
    await removeCampaign(db, workspace, call.params.id);
    return { ok: true as const };
  });

  route(app, api.check, async (call) => {
    const ctx = await ctxOf(call);
    await checkCampaign(deps, ctx, call.params.id);
    return presentOne(deps, ctx, call.params.id);
  });

  route(app, api.preview, async (call) =>
    previewLetter(deps, await ctxOf(call), call.body.campaign, call.body.variant),
  );

  route(app, api.test, async (call) => {
    const { email } = call.caller.account;
    return { to: await sendTestLetter(deps, await ctxOf(call), call.params.id, call.body.variant, email) };
  });

  route(app, api.send, async (call) => {
    const ctx = await ctxOf(call);
    const { id } = call.params;
    const origin = deps.publicUrl ?? `${call.request.protocol}://${call.request.host}`;
    const { held } = await beginCampaign(deps, ctx, id, call.body, origin);
    // The letters of the others leave whether or not this can be written.
    const tasks = held.length > 0 ? await askToConfirm(deps, ctx, await readCampaign(db, ctx.workspace, id), held) : 0;
    return { ...(await presentOne(deps, ctx, id)), tasks };
  });

  route(app, api.act, async (call) => {
    const ctx = await ctxOf(call);
    await actOnCampaign(deps, ctx, call.params.id, call.body.do);
    return presentOne(deps, ctx, call.params.id);
  });

  route(app, api.choose, async (call) => {
    const ctx = await ctxOf(call);
    await chooseWinner(deps, ctx, call.params.id, call.body.winner);
    return presentOne(deps, ctx, call.params.id);
  });

  route(app, api.recipients, async (call) => presentRecipients(deps, await ctxOf(call), call.params.id, call.query));

  route(app, api.ofRecord, async (call) => {
    const ctx = await ctxOf(call);
    const { object, id } = call.params;
    if (!ctx.access.objects[object]) throw new AppError('record-unknown');
    await deps.read.get(ctx, object, id);
    return { letters: await lettersOf(db, ctx.workspace, id) };
  });

  route(
    app,
    api.bounces,
    async (call) => {
      const { workspace } = await ctxOf(call);
      return { outcomes: await takeBounces(deps, workspace, call.body.messages) };
    },
    { bodyLimit: 8 * 1024 * 1024 },
  );

  route(app, api.sender, async (call) => {
    const { workspace } = await ctxOf(call);
    return lookAtSender(deps, workspace, call.query.selector);
  });
}
