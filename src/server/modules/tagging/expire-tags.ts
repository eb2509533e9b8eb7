import type { Change } from '../../../domain/change/types.ts';
import { endedBefore, type TagEntry } from '../../../domain/tagging/index.ts';
import { CUSTOMER, ctxOfTagger, customerOf, KIND, listOf, type TagDeps, tagFields } from './deps.ts';
import { ageMentions } from './mention-store.ts';
import { dropStates, endedStates, keepStates, type TagState } from './state-store.ts';

const PORTION = 200;

/**
 * Ends tags that were not heard for as long as the dictionary gives them: each goes, or makes way for the one that takes its place, whose own time begins
 * then. @returns how many ended
 */
export async function expireTags(deps: TagDeps, workspace: string, signal?: AbortSignal): Promise<number> {
  const { dictionary } = await deps.tags.latest(deps.db, workspace);
  if (!dictionary.on) return 0;
  let ended = 0;
  for (const entry of dictionary.entries) {
    if (entry.off || entry.months === null) continue;
    for (;;) {
      const states = await endedStates(deps.db, workspace, {
        ...{ field: entry.field, tag: entry.tag, limit: PORTION },
        until: endedBefore(deps.now(), entry.months),
      });
      const some = await expire(deps, workspace, entry, states);
      ended += some;
      // What could not be written is still among the ended: not again before the next time.
      if (some < PORTION || signal?.aborted) break;
    }
  }
  return ended;
}

async function expire(deps: TagDeps, workspace: string, entry: TagEntry, states: TagState[]): Promise<number> {
  if (states.length === 0) return 0;
  const now = deps.now();
  const catalog = await deps.catalog.get(workspace);
  const customer = customerOf(catalog);
  if (!customer || !tagFields(customer).some(({ name }) => name === entry.field)) return 0;
  const ctx = ctxOfTagger(catalog, workspace, now, `标签到期：${entry.months} 个月没有再提到`);
  const page = await deps.read.list(ctx, {
    ...{ object: CUSTOMER, fields: [entry.field], page: { limit: PORTION }, count: 'none' },
    filter: { field: '$id', op: 'in', value: states.map(({ record }) => record) },
  });
  const rows = new Map(page.rows.map((row) => [row.id, row]));
  const work: { state: TagState; change: Change | null }[] = states.map((state) => {
    const row = rows.get(state.record);
    const tags = listOf(row?.values[entry.field]);
    if (!row || !tags.includes(entry.tag)) return { state, change: null };
    const left = tags.filter((tag) => tag !== entry.tag && tag !== entry.becomes);
    const set = { [entry.field]: entry.becomes === undefined ? left : [...left, entry.becomes] };
    return { state, change: { op: 'update', object: CUSTOMER, id: row.id, version: row.version, set } };
  });
  // Customers that are gone, or whose tag somebody took away a moment ago.
  const none = work.filter(({ change }) => change === null).map(({ state }) => state);
  if (none.length > 0) await deps.db.tx((tx) => dropStates(tx, workspace, none));
  const moving = work.filter(({ change }) => change !== null);
  if (moving.length === 0) return none.length;
  let written = 0;
  await deps.write.write(
    ctx,
    moving.flatMap(({ change }) => change ?? []),
    {
      ...{ atomic: false, kind: KIND, reviewed: true },
      alongside: async (tx, { changeSet, outcomes }) => {
        const done = moving.filter((_, n) => outcomes[n]?.status === 'applied').map(({ state }) => state);
        written = done.length;
        await dropStates(tx, workspace, done);
        await ageMentions(tx, workspace, done);
        const { becomes } = entry;
        if (becomes !== undefined)
          await keepStates(
            tx,
            workspace,
            done.map(({ record, field }) => ({
              ...{ record, field, tag: becomes, actor: null, at: now, set: changeSet, last: now },
            })),
          );
      },
    },
  );
  return none.length + written;
}
