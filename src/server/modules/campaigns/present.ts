import sql from 'sql-template-tag';
import type {
  Campaign,
  CampaignDetail,
  CampaignFigures,
  CampaignRecipient,
  LeftOut,
} from '../../../contract/campaigns.ts';
import { type ErrorCode, errorMessage } from '../../../contract/errors.ts';
import { trialOf } from '../../../domain/campaigns/index.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import { confirmedAmong } from './act-on-campaign.ts';
import { groupOf } from './advance.ts';
import { type CampaignRow, listCampaigns, readCampaign } from './campaign-store.ts';
import type { CampaignDeps } from './deps.ts';
import { countStates, lookFigures, type RecipientRow } from './recipient-store.ts';
import { clicksOf, figuresByCampaign, figuresOf } from './results.ts';
import { settleLetters } from './settle.ts';

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

export async function presentList(deps: CampaignDeps, ctx: Ctx): Promise<Campaign[]> {
  const rows = await listCampaigns(deps.db, ctx.workspace);
  const ids = rows.map(({ id }) => id);
  const [figures, counts, names] = await Promise.all([
    figuresByCampaign(deps.db, ctx.workspace, ids),
    countStates(deps.db, ctx.workspace, ids),
    deps.names(ctx.workspace, [...new Set(rows.flatMap(peopleOf))]),
  ]);
  return rows.map((row) => present(ctx, row, figures.get(row.id), counts.get(row.id)?.states ?? {}, names));
}

const peopleOf = ({ owner, gate }: CampaignRow): string[] => [owner, ...(gate ? [gate.by] : [])];

function present(
  ctx: Ctx,
  row: CampaignRow,
  figures: CampaignFigures | undefined,
  states: Record<string, number>,
  names: Record<string, string>,
): Campaign {
  const { id, name, kind, state, version, owner, gate, winner, definition } = row;
  return {
    ...definition,
    ...{ id, name, kind, state, version, owner, winner },
    ownerName: names[owner] ?? '',
    createdAt: row.created_at.toISOString(),
    checkedAt: iso(row.checked_at),
    startAt: iso(row.start_at),
    startedAt: iso(row.started_at),
    finishedAt: iso(row.finished_at),
    problem: row.problem === null ? null : errorMessage(row.problem as ErrorCode, ctx.lang, problemFacts(row)),
    gate: gate && { how: gate.how, below: gate.below, at: gate.at, byName: names[gate.by] ?? '' },
    figures: figures ?? { sent: 0, delivered: 0, opened: 0, clicked: 0, unsubscribed: 0, bounced: 0 },
    toSend: (states.ready ?? 0) + (states.queued ?? 0),
    held: states.held ?? 0,
  };
}

const problemFacts = ({ definition: { audience, purpose } }: CampaignRow) => ({
  field: audience.field,
  purpose,
  most: 200_000,
});

const HOUR = 3_600_000;

export async function presentOne(deps: CampaignDeps, ctx: Ctx, id: string): Promise<CampaignDetail> {
  // What left a moment ago is shown, not what had left when somebody last looked after it.
  await settleLetters(deps, ctx.workspace, id);
  const row = await readCampaign(deps.db, ctx.workspace, id);
  const { definition, tested_at, winner, checked_at } = row;
  const [{ all, variants }, counted, names, links, look] = await Promise.all([
    figuresOf(deps.db, ctx.workspace, id),
    countStates(deps.db, ctx.workspace, [id]),
    deps.names(ctx.workspace, peopleOf(row)),
    clicksOf(deps.db, ctx.workspace, id),
    checked_at ? lookFigures(deps.db, ctx.workspace, id) : null,
  ]);
  const { states = {}, leftOut = {} } = counted.get(id) ?? {};
  const two = definition.variants.length > 1;
  const { by, hours } = definition.split;
  const trial = two && all.sent > 0 ? trialOf(groupOf(variants.a, by), groupOf(variants.b, by)) : null;
  const decides =
    row.state === 'testing' && hours > 0 && tested_at ? new Date(tested_at.getTime() + hours * HOUR) : null;
  return {
    campaign: present(ctx, row, all, states, names),
    look,
    states,
    leftOut,
    confirmed: states.held ? (await confirmedAmong(deps, ctx, row)).length : 0,
    variants: two
      ? [
          { variant: 'a', ...variants.a },
          { variant: 'b', ...variants.b },
        ]
      : [],
    trial: trial && {
      ...{ a: trial.a, b: trial.b, difference: trial.difference, verdict: trial.verdict },
      leader: winner ?? trial.leader,
      decidesAt: iso(decides),
    },
    links,
  };
}

const PAGE = 50;

export interface RecipientFilter {
  which: RecipientRow['state'] | 'opened' | 'clicked' | 'unsubscribed' | 'all';
  reason?: LeftOut | undefined;
  after?: string | undefined;
}

/** Whom it went to, a page at a time; names as far as the reader may see the records. */
export async function presentRecipients(
  deps: CampaignDeps,
  ctx: Ctx,
  id: string,
  { which, reason, after }: RecipientFilter,
): Promise<{ recipients: CampaignRecipient[]; next: string | null }> {
  const { definition } = await readCampaign(deps.db, ctx.workspace, id);
  const condition =
    which === 'all'
      ? sql`true`
      : which === 'opened'
        ? sql`(opened_at is not null or clicked_at is not null)`
        : which === 'clicked'
          ? sql`clicked_at is not null`
          : which === 'unsubscribed'
            ? sql`unsubscribed_at is not null`
            : which === 'sent'
              ? sql`sent_at is not null`
              : which === 'bounced'
                ? sql`bounce is not null`
                : sql`state = ${which}`;
  const rows = await deps.db.query<RecipientRow>(sql`select * from ${tableOf(ctx.workspace, 'campaign_recipient')}
    where campaign = ${id}::uuid and ${condition} and (${reason ?? null}::text is null or reason = ${reason ?? null})
      and (${after ?? null}::uuid is null or id > ${after ?? null}::uuid) order by id limit ${PAGE + 1}`);
  const page = rows.slice(0, PAGE);
  const titles = await titlesOf(
    deps,
    ctx,
    definition.audience.of ?? definition.audience.object,
    page.map(({ person }) => person),
  );
  return {
    recipients: page.map((row) => ({
      ...{
        id: row.id,
        object: row.object,
        record: row.person,
        title: titles.get(row.person) ?? null,
        state: row.state,
      },
      ...{
        reason: row.reason,
        variant: row.variant,
        confidence: row.confidence,
        bounce: row.bounce_code ?? row.bounce,
      },
      sentAt: iso(row.sent_at),
      openedAt: iso(row.opened_at),
      clickedAt: iso(row.clicked_at),
      unsubscribedAt: iso(row.unsubscribed_at),
      bouncedAt: iso(row.bounced_at),
    })),
    next: rows.length > PAGE ? (page.at(-1)?.id ?? null) : null,
  };
}

async function titlesOf(deps: CampaignDeps, ctx: Ctx, name: string, ids: string[]): Promise<Map<string, string>> {
  const object = (await deps.catalog.get(ctx.workspace)).objects.find((one) => one.name === name);
  if (!object || ids.length === 0 || !ctx.access.objects[name]?.actions.includes('read')) return new Map();
  const page = await deps.read.list(ctx, {
    object: name,
    fields: [object.title],
    filter: { field: '$id', op: 'in', value: ids },
    page: { limit: PAGE },
    count: 'none',
  });
  return new Map(page.rows.map((row) => [row.id, String(row.values[object.title] ?? '')]));
}
