import sql from 'sql-template-tag';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import { type AskRow, isOpen, type RecipientRow } from './ask-store.ts';
import { createAsk, issueUrl } from './create-ask.ts';
import type { AskingDeps } from './deps.ts';
import { draftAsk } from './draft-ask.ts';

export interface Embedded {
  url: string | null;
  expiresAt: string | null;
  fields: string[];
}

/**
 * For another system where the customer just signed in: the link to what is worth confirming now; none when nothing is. A request that is still
 * open is used again, so that a hundred sign-ins make one request.
 */
export async function embedAsk(
  deps: AskingDeps,
  ctx: Ctx,
  request: { object: string; id: string; fields?: string[] | undefined },
  origin: string,
): Promise<Embedded> {
  const draft = await draftAsk(deps, ctx, request.object, request.id);
  const fields = request.fields ?? draft.fields.filter((choice) => choice.suggested).map((choice) => choice.field.name);
  if (fields.length === 0) return { url: null, expiresAt: null, fields: [] };
  const open = await findOpen(deps, ctx, request);
  if (open && fields.every((field) => open.person.cells.some((cell) => cell.field === field))) {
    const url = await deps.db.tx((tx) => issueUrl(deps, tx, ctx.workspace, open.ask, open.person, ctx.at));
    return { url, expiresAt: open.ask.expires_at.toISOString(), fields: open.person.cells.map((cell) => cell.field) };
  }
  const made = await createAsk(
    deps,
    ctx,
    { ...request, fields, people: [{ way: 'link', fields: [] }], remindDays: 0 },
    origin,
    'embed',
  );
  return { url: made.urls[0] ?? null, expiresAt: made.ask.expires_at.toISOString(), fields };
}

async function findOpen(deps: AskingDeps, ctx: Ctx, { object, id }: { object: string; id: string }) {
  const [ask] = await deps.db.query<AskRow>(sql`select * from ${tableOf(ctx.workspace, 'ask')}
    where record = ${id} and object = ${object} and kind = 'embed' order by id desc limit 1`);
  if (!ask) return null;
  const [person] = await deps.db.query<RecipientRow>(
    sql`select * from ${tableOf(ctx.workspace, 'ask_recipient')} where ask = ${ask.id}`,
  );
  return person && isOpen(person, ask, ctx.at) ? { ask, person } : null;
}
