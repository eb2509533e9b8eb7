import sql from 'sql-template-tag';
import type { CampaignInput, LeftOut } from '../../../contract/campaigns.ts';
import { AppError } from '../../../contract/errors.ts';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { Catalog, FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import { fieldOf, objectOf } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx, Page, Row } from '../../records/types.ts';
import { listPurposes, standingOf } from '../consent/index.ts';
import { plainly } from './act-as.ts';
import type { CampaignDeps } from './deps.ts';

/** What is asked about each: where the address stands, and what for he is written to. */
export interface ReachWish {
  object: ObjectDef;
  field: FieldDef;
  kind: CampaignInput['kind'];
  purpose: string;
  /** Besides the address: what the letter says. */
  fields: readonly string[];
  /** The campaign itself does not count among earlier ones. */
  campaign: string;
}

/** One record as a recipient. */
export interface Reach {
  /** Why he can't be written to; null: he can. */
  reason: LeftOut | null;
  address: string | null;
  key: Buffer | null;
  /** 0..1; null: nothing is known of it. */
  confidence: number | null;
  stale: boolean;
  /** As the sender sees it. */
  row: Row | null;
  /** What of the letter's fields he sees masked, as it is; the letter goes to the person himself. */
  plain: Row | null;
}

/** The object and field that letters of a campaign go by. Throws what is wrong with them. */
export function addressOf(catalog: Catalog, { kind, audience }: Pick<CampaignInput, 'kind' | 'audience'>) {
  const object = objectOf(catalog, audience.of ?? audience.object);
  const field = fieldOf(object, audience.field);
  const type = kind === 'mail' ? 'email' : 'phone';
  // What is encrypted is not copied into letters, and can't be compared for doubles.
  if (!field || field.retired || field.type !== type || mayBeSealed(field))
    throw new AppError('campaign-no-address', { field: audience.field });
  return { object, field };
}

export interface Reached {
  people: Map<string, Reach>;
  /** Names of what values point at, as the sender may see them. */
  titles: Record<string, string>;
}

/** Whom of these records the sender can reach, and how far their addresses are to be believed. 500 at most. */
export async function reachOf(deps: CampaignDeps, ctx: Ctx, wish: ReachWish, ids: readonly string[]): Promise<Reached> {
  const { object, field } = wish;
  const filter = { field: '$id', op: 'in' as const, value: [...ids] };
  const fields = [...new Set([field.name, ...wish.fields])].filter((name) => fieldOf(object, name));
  const query = { object: object.name, filter, fields, page: { limit: 500 }, count: 'none' as const };
  const seen: Page = ctx.access.objects[object.name]
    ? await deps.read.list(ctx, { ...query, freshness: true })
    : { rows: [] };
  const rows = new Map(seen.rows.map((row) => [row.id, row]));
  const shown = [...rows.values()].filter((row) => isUsable(row, field.name));
  const needed = shown.map(({ id }) => id);
  const plain =
    needed.length === 0
      ? { rows: [] }
      : await deps.read.list(plainly(ctx, object.name, needed, fields), {
          ...query,
          filter: { ...filter, value: needed },
        });
  const addresses = new Map(plain.rows.map((row) => [row.id, row]));
  const spoken = [...addresses].flatMap(([id, { values }]) => {
    const value = values[field.name];
    return typeof value === 'string' && mayTake(wish.kind, value) ? [{ id, value, key: deps.tokens.keyOf(value) }] : [];
  });
  const channel = wish.kind;
  const keys = spoken.map(({ key }) => key);
  const [standing, needsYes, erased, earlier] = await Promise.all([
    standingOf(deps.db, ctx.workspace, needed, wish.purpose, channel),
    needsConsent(deps, ctx.workspace, wish.purpose),
    deps.erasedAmong(
      deps.db,
      ctx.workspace,
      wish.field.type === 'email' ? 'email' : 'phone',
      spoken.map(({ value }) => value),
    ),
    earlierOf(deps, ctx.workspace, wish, keys),
  ]);
  const byId = new Map(spoken.map((one) => [one.id, one]));
  const people = new Map(
    ids.map((id): [string, Reach] => {
      const row = rows.get(id) ?? null;
      const found = byId.get(id);
      const cell = row?.freshness?.cells[field.name];
      const known = {
        address: found?.value ?? null,
        key: found?.key ?? null,
        confidence: found ? (cell?.confidence ?? null) : null,
        stale: found !== undefined && cell?.state === 'stale',
        row,
        plain: addresses.get(id) ?? null,
      };
      const reason = (): LeftOut | null => {
        if (!row) return 'gone';
        if (!isUsable(row, field.name)) return 'hidden';
        if (!found) return 'no-address';
        if (erased.has(found.value)) return 'erased';
        const said = standing.get(id);
        const { stopped, bounced } = earlier.get(found.key.toString('hex')) ?? {};
        if (said && said.state !== 'given') return 'unsubscribed';
        // Who said no at this address said it for every record that has it, until one of them says yes again.
        if (stopped && !(said && said.at > stopped)) return 'unsubscribed';
        if (needsYes && !said) return 'no-consent';
        // Unless somebody has looked since and says that it is right.
        if (bounced && !(cell?.verifiedAt && new Date(cell.verifiedAt) > bounced)) return 'bounced';
        return null;
      };
      return [id, { ...known, reason: reason() }];
    }),
  );
  return { people, titles: seen.titles ?? {} };
}

/** Whoever sees an address, be it masked, may have a letter sent there; who sees nothing of it, or a range, may not. */
function isUsable(row: Row, field: string): boolean {
  const mode = row.modes?.[field] ?? 'edit';
  return field in row.values && mode !== 'hidden' && mode !== 'ranged';
}

/** Text messages go to mobiles: in mainland China eleven digits that begin with 1, elsewhere written with the country. */
function mayTake(kind: CampaignInput['kind'], value: string): boolean {
  return kind === 'mail' ? value.includes('@') : /^1\d{10}$|^\+[1-9]\d{6,14}$/.test(value);
}

async function needsConsent(deps: CampaignDeps, workspace: string, purpose: string): Promise<boolean> {
  const known = await listPurposes(deps.db, workspace, await deps.catalog.get(workspace));
  const found = known.find((one) => one.id === purpose && !one.retired);
  if (!found) throw new AppError('campaign-no-purpose', { purpose });
  return found.basis === 'consent';
}

/** What earlier letters to these addresses came to: when somebody there last said no to this purpose, and when one last came back for good. */
async function earlierOf(
  deps: CampaignDeps,
  workspace: string,
  { campaign, purpose, kind }: ReachWish,
  keys: Buffer[],
): Promise<Map<string, { stopped: Date | null; bounced: Date | null }>> {
  if (keys.length === 0) return new Map();
  const rows = await deps.db.query<{ key: string; stopped: Date | null; bounced: Date | null }>(sql`
    select encode(r.address_key, 'hex') as key,
      max(r.unsubscribed_at) filter (where c.definition->>'purpose' = ${purpose} and c.kind = ${kind}) as stopped,
      max(r.bounced_at) filter (where r.bounce = 'hard' and r.campaign <> ${campaign}::uuid) as bounced
    from ${tableOf(workspace, 'campaign_recipient')} r join ${tableOf(workspace, 'campaign')} c on c.id = r.campaign
    where r.address_key = any(${keys}::bytea[]) and (r.bounce = 'hard' or r.unsubscribed_at is not null) group by 1`);
  return new Map(rows.map(({ key, ...found }) => [key, found]));
}
