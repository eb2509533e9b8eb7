import sql from 'sql-template-tag';
import type { Access } from '../../../domain/access/types.ts';
import { findField, findObject } from '../../../domain/filter/subject.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import { type Caused, writeOnce } from '../evidence/index.ts';
import { plainly } from './act-as.ts';
import type { CampaignDeps } from './deps.ts';

export interface TellDeps extends Pick<CampaignDeps, 'db' | 'read' | 'write' | 'catalog' | 'tokens' | 'now'> {
  accessFor: (role: 'admin', catalog: Catalog) => Access;
}

const PORTION = 200;
const DAY = 86_400_000;
/** A letter that has not come back after so long arrived. */
const ARRIVED_DAYS = 3;
/** And after so long nobody speaks of it any more. */
const OVER_DAYS = 60;

interface Spoken {
  id: string;
  object: string;
  person: string;
  field: string;
  key: string;
  kind: string;
  at: Date;
  [column: string]: unknown;
}

/**
 * What happened to letters becomes evidence about the addresses: came back, arrived, was opened, a link was followed (B7). Each once per letter, and only
 * while the record still has that address. @returns whether there may be more
 */
export async function tellEvidence(deps: TellDeps, workspace: string): Promise<boolean> {
  const now = deps.now();
  const spoken = await readSpoken(deps, workspace, now);
  if (spoken.length === 0) return false;
  const catalog = await deps.catalog.get(workspace);
  const ctx: Ctx = {
    workspace,
    actor: 'system',
    source: 'system',
    access: deps.accessFor('admin', catalog),
    at: now,
    lang: 'zh',
  };
  const current = await currentKeys(deps, ctx, catalog, spoken);
  const caused = spoken
    .filter((one) => current.get(`${one.person} ${one.field}`) === one.key)
    .map(
      ({ id, object, person, field, kind, at }): Caused => ({
        cause: `campaign:${id}`,
        kind,
        change: { op: 'update', object, id: person, evidence: { kind, fields: [field], at: at.toISOString() } },
      }),
    );
  if (caused.length > 0) await writeOnce(deps, ctx, caused);
  await deps.db.query(sql`update ${tableOf(workspace, 'campaign_recipient')} r set told = r.told || x.kinds
    from (select id, array_agg(kind) as kinds from jsonb_to_recordset(${JSON.stringify(spoken)}::jsonb) as s(id uuid, kind text) group by id) x
    where r.id = x.id`);
  return spoken.length === PORTION;
}

function readSpoken({ db }: TellDeps, workspace: string, now: Date): Promise<Spoken[]> {
  const arrived = new Date(now.getTime() - ARRIVED_DAYS * DAY);
  return db.query<Spoken>(sql`
    select r.id, r.object, r.person, c.definition->'audience'->>'field' as field, encode(r.address_key, 'hex') as key, x.kind, x.at
    from ${tableOf(workspace, 'campaign_recipient')} r join ${tableOf(workspace, 'campaign')} c on c.id = r.campaign
    cross join lateral (values
      (c.kind || case r.bounce when 'hard' then case c.kind when 'sms' then '-failed' else '-bounced' end else '-soft-bounced' end,
        case when r.bounce = 'hard' or (r.bounce = 'soft' and c.kind = 'mail') then r.bounced_at end),
      (c.kind || '-delivered', case when r.state = 'sent' and r.bounce is null and c.kind = 'mail' and r.sent_at < ${arrived}::timestamptz then r.sent_at end),
      ('mail-opened', r.opened_late),
      ('mail-clicked', r.clicked_late)) x(kind, at)
    where r.sent_at > ${new Date(now.getTime() - OVER_DAYS * DAY)}::timestamptz and r.address_key is not null
      and x.at is not null and not x.kind = any(r.told)
    order by r.id limit ${PORTION}`);
}

/** Which addresses these records have now, as keyed hashes. */
async function currentKeys(
  deps: TellDeps,
  ctx: Ctx,
  catalog: Catalog,
  spoken: readonly Spoken[],
): Promise<Map<string, string>> {
  const keys = new Map<string, string>();
  const groups = new Map<string, Spoken[]>();
  for (const one of spoken) {
    const key = `${one.object} ${one.field}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  for (const group of groups.values()) {
    const [first] = group;
    const object = first && findObject(catalog, first.object);
    if (!first || !object || object.retired || !findField(object, first.field)) continue;
    const ids = [...new Set(group.map(({ person }) => person))];
    const page = await deps.read.list(plainly(ctx, object.name, ids, [first.field]), {
      object: object.name,
      fields: [first.field],
      filter: { field: '$id', op: 'in', value: ids },
      page: { limit: 500 },
      count: 'none',
    });
    for (const { id, values } of page.rows) {
      const value = values[first.field];
      if (typeof value === 'string') keys.set(`${id} ${first.field}`, deps.tokens.keyOf(value).toString('hex'));
    }
  }
  return keys;
}
