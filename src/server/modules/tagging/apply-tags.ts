import type { Change } from '../../../domain/change/types.ts';
import type { Row } from '../../records/types.ts';
import { CUSTOMER, ctxOfTagger, customerOf, KIND, listOf, type TagDeps, tagFields } from './deps.ts';
import {
  ActedMeanwhile,
  markActed,
  otherEvidence,
  putOffMentions,
  type StoredMention,
  waitingMentions,
} from './mention-store.ts';
import { dropStates, type Heard, keepStates, statesOf, type TagKey } from './state-store.ts';

/** Customers written at a time. */
const CUSTOMERS = 200;

const REASON = '根据文字内容自动打标签';

/** What is to become of one customer. */
interface Plan {
  row: Row | undefined;
  mentions: StoredMention[];
  change: Change | null;
  set: Heard[];
  gone: TagKey[];
}

/**
 * Acts on what was heard: sets tags through the write door, takes away those whose last evidence is gone, and notes when each was last heard, in one
 * transaction with the mark that it is done. @returns customers acted on; 0: nothing waits
 */
export async function applyTags(
  deps: TagDeps,
  workspace: string,
  of: { run: string; changeSet: string } | null = null,
): Promise<number> {
  const now = deps.now();
  const waiting = await waitingMentions(deps.db, workspace, { run: of?.run ?? null, now, customers: CUSTOMERS });
  if (waiting.length === 0) return 0;
  const catalog = await deps.catalog.get(workspace);
  const ctx = ctxOfTagger(catalog, workspace, now, REASON);
  const customer = customerOf(catalog);
  const records = [...new Set(waiting.map(({ record }) => record))];
  const fields = customer ? tagFields(customer).map(({ name }) => name) : [];
  const page = customer
    ? await deps.read.list(ctx, {
        ...{ object: CUSTOMER, fields, filter: { field: '$id', op: 'in', value: records } },
        ...{ page: { limit: CUSTOMERS }, count: 'none' },
      })
    : { rows: [] };
  const rows = new Map(page.rows.map((row) => [row.id, row]));
  const evidence = await otherEvidence(deps.db, workspace, records);
  const states = new Map(
    (await statesOf(deps.db, workspace, records)).map((one) => [`${one.record} ${one.field} ${one.tag}`, one]),
  );
  const plans = records.map((record) => {
    const own = waiting.filter((one) => one.record === record);
    return planOf(
      rows.get(record),
      own,
      fields,
      (key) => evidence.has(key),
      (key) => states.get(key)?.actor === null,
    );
  });
  try {
    await write(deps, workspace, ctx, plans, of?.changeSet);
  } catch (error) {
    if (error instanceof ActedMeanwhile) return records.length;
    deps.log.warn({ err: error }, 'tags not set');
    await putOffMentions(deps.db, workspace, waiting, now);
    if (of) throw error;
  }
  return records.length;
}

function planOf(
  row: Row | undefined,
  mentions: StoredMention[],
  fields: readonly string[],
  heard: (key: string) => boolean,
  bySelf: (key: string) => boolean,
): Plan {
  const plan: Plan = { row, mentions, change: null, set: [], gone: [] };
  if (!row) return plan;
  const values = new Map(fields.map((field) => [field, listOf(row.values[field])]));
  for (const { record, field, tag, state, at } of mentions) {
    const now = values.get(field);
    if (!now) continue;
    const key = `${record} ${field} ${tag}`;
    if (state !== 'lost') {
      if (!now.includes(tag)) values.set(field, [...now, tag]);
      plan.set.push({ record, field, tag, actor: null, at, set: null, last: at });
    } else if (!heard(key) && bySelf(key)) {
      values.set(
        field,
        now.filter((one) => one !== tag),
      );
      plan.gone.push({ record, field, tag });
    }
  }
  const set: Record<string, string[]> = {};
  for (const [field, wanted] of values) {
    const now = listOf(row.values[field]);
    if (wanted.length !== now.length || wanted.some((tag) => !now.includes(tag))) set[field] = wanted;
  }
  if (Object.keys(set).length > 0)
    plan.change = { op: 'update', object: CUSTOMER, id: row.id, version: row.version, set };
  return plan;
}

async function write(
  deps: TagDeps,
  workspace: string,
  ctx: ReturnType<typeof ctxOfTagger>,
  plans: readonly Plan[],
  changeSet: string | undefined,
): Promise<void> {
  const still = plans.filter(({ change }) => change === null);
  if (still.length > 0)
    await deps.db.tx(async (tx) => {
      await markActed(
        tx,
        workspace,
        still.flatMap(({ mentions }) => mentions),
      );
      await keepStates(
        tx,
        workspace,
        still.flatMap(({ set }) => set.map((one) => ({ ...one, at: ctx.at }))),
      );
      await dropStates(
        tx,
        workspace,
        still.flatMap(({ gone }) => gone),
      );
    });
  const moving = plans.filter(({ change }) => change !== null);
  if (moving.length === 0) return;
  const { outcomes } = await deps.write.write(
    ctx,
    moving.flatMap(({ change }) => change ?? []),
    {
      ...{ atomic: false, kind: KIND, reviewed: true },
      ...(changeSet !== undefined && { changeSet }),
      alongside: async (tx, result) => {
        const done = moving.filter((_, n) => isDone(result.outcomes[n]?.status));
        await markActed(
          tx,
          workspace,
          done.flatMap(({ mentions }) => mentions),
        );
        await dropStates(
          tx,
          workspace,
          done.flatMap(({ gone }) => gone),
        );
        const how = { at: ctx.at, set: result.changeSet };
        await keepStates(
          tx,
          workspace,
          done.flatMap(({ set }) => set.map((one) => ({ ...one, ...how }))),
        );
      },
    },
  );
  const failed = moving.filter((_, n) => !isDone(outcomes[n]?.status));
  // Somebody wrote meanwhile, or a rule of the firm's refuses it: again a little later, and not for ever.
  await putOffMentions(
    deps.db,
    workspace,
    failed.flatMap(({ mentions }) => mentions),
    ctx.at,
  );
}

const isDone = (status: string | undefined): boolean => status === 'applied' || status === 'unchanged';
