import sql, { empty } from 'sql-template-tag';
import type { z } from 'zod';
import type { askSchema } from '../../../contract/asking.ts';
import { ceilingOf } from '../../../domain/access/reach.ts';
import { maskValue } from '../../../domain/fields/mask.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { visibleTitles } from '../../records/read/visible-titles.ts';
import type { Ctx } from '../../records/types.ts';
import { type AskRow, type RecipientRow, stateOf } from './ask-store.ts';
import { fieldOfCell } from './cells.ts';
import type { AskingDeps } from './deps.ts';

type AskView = z.input<typeof askSchema>;

/** Requests about records the reader may see, newest first. */
export async function listAsks(
  deps: AskingDeps,
  ctx: Ctx,
  query: {
    object?: string | undefined;
    id?: string | undefined;
    census?: string | undefined;
    state?: 'open' | 'all' | undefined;
    before?: string | undefined;
    limit: number;
  },
): Promise<{ asks: AskView[]; next?: string }> {
  const { workspace } = ctx;
  const open = sql`and a.expires_at > ${ctx.at}::timestamptz and exists (select from ${tableOf(workspace, 'ask_recipient')} r
    where r.ask = a.id and r.state in ('sent', 'opened'))`;
  const asks = await deps.db.query<AskRow>(sql`select a.* from ${tableOf(workspace, 'ask')} a where true
    ${query.object === undefined ? empty : sql`and a.object = ${query.object}`}
    ${query.id === undefined ? empty : sql`and a.record = ${query.id}`}
    ${query.census !== undefined ? sql`and a.census = ${query.census}::uuid` : query.id === undefined ? sql`and a.census is null` : empty}
    ${query.before === undefined ? empty : sql`and a.id < ${query.before}`}
    ${query.state === 'open' ? open : empty}
    order by a.id desc limit ${query.limit + 1}`);
  const page = asks.slice(0, query.limit);
  const last = asks.length > query.limit ? page.at(-1)?.id : undefined;
  return { asks: await viewAsks(deps, ctx, page), ...(last !== undefined && { next: last }) };
}

/** Requests as the contract shows them; those about records the reader may not see are left out. */
export async function viewAsks(deps: AskingDeps, ctx: Ctx, asks: AskRow[]): Promise<AskView[]> {
  if (asks.length === 0) return [];
  const catalog = await deps.catalog.get(ctx.workspace);
  const titles = await visibleTitles(deps.read, ctx, catalog, asks);
  const recipients = await deps.db.query<RecipientRow>(sql`select * from ${tableOf(ctx.workspace, 'ask_recipient')}
    where ask = any(${asks.map((ask) => ask.id)}::uuid[]) order by id`);
  const names = await deps.names(ctx.workspace, [...new Set(asks.map((ask) => ask.made_by))]);
  return asks.flatMap((ask) => {
    const title = titles.get(ask.record);
    if (title === undefined) return [];
    return [
      {
        id: ask.id,
        object: ask.object,
        record: ask.record,
        title,
        kind: ask.kind,
        madeAt: ask.made_at.toISOString(),
        madeBy: ask.made_by,
        madeByName: names[ask.made_by] ?? '',
        expiresAt: ask.expires_at.toISOString(),
        recipients: recipients
          .filter((person) => person.ask === ask.id)
          .map((person) => ({
            id: person.id,
            contact: person.contact,
            name: person.name,
            email: maskValue(person.email, { type: 'email' }),
            way: person.way,
            state: stateOf(person, ask, ctx.at),
            fields: person.cells.flatMap((cell) => {
              const known = fieldOfCell(catalog, cell);
              const mine = known && ceilingOf(ctx.access.objects[cell.object], cell.field) !== 'hidden';
              return mine ? [{ object: cell.object, field: cell.field, label: known.field.label }] : [];
            }),
            sentAt: person.sent_at.toISOString(),
            openedAt: person.opened_at?.toISOString() ?? null,
            answeredAt: person.answered_at?.toISOString() ?? null,
            remindedAt: person.reminded_at?.toISOString() ?? null,
            wantsLinkAt: person.wants_link_at?.toISOString() ?? null,
            answers: person.answers,
            changeSet: person.change_set,
          })),
      },
    ];
  });
}
