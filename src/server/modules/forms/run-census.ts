import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError } from '../../../contract/errors.ts';
import { defineJob } from '../../platform/queue/job.ts';
import type { JobCall } from '../../platform/queue/queue.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import { type AskingDeps, createAsk, draftAsk } from '../asking/index.ts';
import { hasObjected } from '../consent/index.ts';
import type { Census } from './census-store.ts';
import type { FormDeps } from './deps.ts';

export interface CensusDeps extends AskingDeps, Pick<FormDeps, 'accounts' | 'accessOf' | 'log'> {}

/** Customers asked in one go. */
const PORTION = 50;
const DAY_MS = 86_400_000;

export const CENSUS = { name: 'forms.census', payload: z.object({}) } satisfies JobCall;

/** Asks the customers of rounds that are under way. */
export function censusJob(deps: CensusDeps & { workspaces(): Promise<string[]> }) {
  return defineJob({
    ...CENSUS,
    schedule: { cron: '*/5 * * * *' },
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces())
        while (!signal.aborted && (await runCensus(deps, workspace))) {
          // Portion by portion until everybody is asked.
        }
    },
  });
}

/** Asks the next customers of one round, each once: a request is unique by round and customer. Returns whether there may be more. */
export async function runCensus(deps: CensusDeps, workspace: string): Promise<boolean> {
  const table = tableOf(workspace, 'census');
  const [census] = await deps.db.query<Census>(
    sql`select * from ${table} where state = 'sending' order by made_at limit 1`,
  );
  if (!census) return false;
  const ctx = await ctxOfCensus(deps, workspace, census);
  const end = (state: 'sent' | 'stopped') =>
    deps.db.query(sql`update ${table} set state = ${state} where id = ${census.id}::uuid and state = 'sending'`);
  if (!ctx || census.due_at <= ctx.at) {
    await end('stopped');
    return true;
  }
  const query = { object: census.object, ...(census.filter && { filter: census.filter }), purpose: 'update' as const };
  const { table: from, where } = await deps.read.select(ctx, query);
  const rows = await deps.db.query<{ id: string }>(sql`select t.id from ${from} t
    where ${where} and t.id > ${census.place ?? '00000000-0000-0000-0000-000000000000'}::uuid order by t.id limit ${PORTION}`);
  for (const { id } of rows) {
    const asked = await askOne(deps, ctx, census, id);
    await deps.db.query(
      sql`update ${table} set place = ${id}::uuid, left_out = left_out + ${asked ? 0 : 1} where id = ${census.id}::uuid`,
    );
  }
  if (rows.length < PORTION) await end('sent');
  return true;
}

/** With what whoever began the round may do now; null: nothing any more. */
async function ctxOfCensus(deps: CensusDeps, workspace: string, census: Census): Promise<Ctx | null> {
  const id = census.made_by.replace(/^(user|key):/, '');
  const maker = (await deps.accounts()).find((one) => one.id === id);
  if (!maker || maker.disabled) return null;
  const access = await deps.accessOf(workspace, { id, role: maker.role });
  const { lang, name } = census;
  return { workspace, actor: census.made_by, source: 'page', access, at: deps.now(), lang, reason: name };
}

/** @returns false when he could not be asked: nothing to ask, or he said no */
async function askOne(deps: CensusDeps, ctx: Ctx, census: Census, id: string): Promise<boolean> {
  try {
    const draft = await draftAsk(deps, ctx, census.object, id);
    const mail = (await deps.channels.find(ctx.workspace, 'mail'))?.enabled ?? false;
    const person = (mail ? draft.people.find(({ email }) => email !== null) : undefined) ?? draft.people[0];
    if (await hasObjected(deps.db, ctx.workspace, person?.contact ?? id, 'confirm', 'mail')) return false;
    const contact = person?.contact ?? undefined;
    await createAsk(
      deps,
      ctx,
      {
        ...{ object: census.object, id, fields: census.fields, lang: census.lang, census: census.id },
        people: [
          {
            ...(contact !== undefined && { contact }),
            ...(person && { name: person.name }),
            way: mail && person?.email ? 'mail' : 'link',
            fields: [],
          },
        ],
        expireDays: Math.max(1, Math.ceil((census.due_at.getTime() - ctx.at.getTime()) / DAY_MS)),
        remindDays: census.remind_days,
      },
      census.origin,
    );
    return true;
  } catch (error) {
    if (error instanceof AppError) return false;
    // Asked before a crash, or by another process.
    if ((error as { code?: string }).code === '23505') return true;
    throw error;
  }
}
