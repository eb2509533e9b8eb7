import sql, { type Sql } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../../contract/errors.ts';
import type { SubjectRequest } from '../../../contract/subjects.ts';
import type { Db, Queryable, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';

/** Row of table `subject_request`. */
export interface RequestRow {
  id: string;
  object: string;
  record: string;
  kind: SubjectRequest['kind'];
  law: SubjectRequest['law'];
  received_at: Date;
  due_on: string;
  extended: boolean;
  state: SubjectRequest['state'];
  handler: string | null;
  note: string | null;
  answer: string | null;
  erasure: string | null;
  closed_at: Date | null;
  [column: string]: unknown;
}

const requests = (workspace: string): Sql => tableOf(workspace, 'subject_request');
const columns = sql`id, object, record, kind, law, received_at, to_char(due_on, 'YYYY-MM-DD') as due_on, extended, state, handler, note, answer, erasure, closed_at`;
const OPEN = sql`state in ('open', 'checking', 'working')`;

export const isOpen = ({ state }: Pick<RequestRow, 'state'>): boolean => state !== 'done' && state !== 'refused';

/** Open ones by their deadline, then the closed, newest first. */
export function listRequests(on: Queryable, workspace: string, record?: string): Promise<RequestRow[]> {
  return on.query<RequestRow>(sql`select ${columns} from ${requests(workspace)}
    where ${record ?? null}::uuid is null or record = ${record ?? null}::uuid
    order by not (${OPEN}), case when ${OPEN} then due_on end, received_at desc limit 300`);
}

export async function readRequest(on: Queryable, workspace: string, id: string, lock = false): Promise<RequestRow> {
  const [row] = await on.query<RequestRow>(
    sql`select ${columns} from ${requests(workspace)} where id = ${id} ${lock ? sql`for update` : sql``}`,
  );
  if (!row) throw new AppError('not-found');
  return row;
}

export async function newRequest(
  db: Db,
  ctx: Ctx,
  asked: Pick<RequestRow, 'object' | 'record' | 'kind' | 'law' | 'note'> & { receivedAt: Date; dueOn: string },
): Promise<string> {
  const id = uuidv7();
  await db.tx(async (tx) => {
    await tx.query(sql`insert into ${requests(ctx.workspace)} (id, object, record, kind, law, received_at, due_on, note, created_by)
      values (${id}, ${asked.object}, ${asked.record}, ${asked.kind}, ${asked.law}, ${asked.receivedAt}, ${asked.dueOn}::date, ${asked.note}, ${ctx.actor})`);
    await addStep(tx, ctx, id, 'open');
  });
  return id;
}

/** The trail: who moved it where, when. */
async function addStep(
  tx: Tx,
  ctx: Pick<Ctx, 'workspace' | 'at' | 'actor'>,
  request: string,
  state: string,
): Promise<void> {
  const steps = tableOf(ctx.workspace, 'subject_request_step');
  await tx.query(sql`insert into ${steps} (request, n, at, by, state)
    select ${request}::uuid, coalesce(max(n), 0) + 1, ${ctx.at}::timestamptz, ${ctx.actor}, ${state} from ${steps} where request = ${request}`);
}

export async function moveRequest(
  db: Db,
  ctx: Ctx,
  id: string,
  set: {
    state?: RequestRow['state'] | undefined;
    handler?: string | null | undefined;
    answer?: string | undefined;
    dueOn?: string | undefined;
  },
): Promise<void> {
  await db.tx(async (tx) => {
    const before = await readRequest(tx, ctx.workspace, id, true);
    if (!isOpen(before)) throw new AppError('request-closed');
    const state = set.state ?? before.state;
    const closed = !isOpen({ state });
    await tx.query(sql`update ${requests(ctx.workspace)} set state = ${state},
      handler = ${set.handler === undefined ? before.handler : set.handler}, answer = ${set.answer ?? before.answer},
      due_on = ${set.dueOn ?? before.due_on}::date, extended = extended or ${set.dueOn !== undefined}::boolean,
      closed_at = ${closed ? ctx.at : null}::timestamptz, closed_by = ${closed ? ctx.actor : null} where id = ${id}`);
    const step = set.dueOn === undefined ? state : 'extended';
    if (state !== before.state || set.dueOn !== undefined) await addStep(tx, ctx, id, step);
  });
}

/** The erasure that answers a request. */
export async function tieErasure(on: Queryable, ctx: Ctx, id: string, erasure: string): Promise<void> {
  await on.query(
    sql`update ${requests(ctx.workspace)} set erasure = ${erasure}, state = 'working' where id = ${id} and ${OPEN}`,
  );
}

/** What an erasure answered is done with it. */
export async function closeErased(
  on: Queryable,
  workspace: string,
  erasure: string,
  at: Date,
  by: string,
): Promise<void> {
  await on.query(
    sql`update ${requests(workspace)} set state = 'done', closed_at = ${at}, closed_by = ${by} where erasure = ${erasure} and ${OPEN}`,
  );
}
