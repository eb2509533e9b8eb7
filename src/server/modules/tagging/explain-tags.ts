import type { TagExplanation } from '../../../contract/tagging.ts';
import type { FieldValue } from '../../../domain/schema/types.ts';
import { endsAt, foldPhrase, sentenceAround } from '../../../domain/tagging/index.ts';
import type { Ctx, HistoryEntry } from '../../records/types.ts';
import { CUSTOMER, customerOf, listOf, type TagDeps, tagFields } from './deps.ts';
import { evidenceOf, type StoredMention } from './mention-store.ts';
import { statesOf } from './state-store.ts';

export interface ExplainDeps extends TagDeps {
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
}

/** Mentions shown per tag. */
const SHOWN = 3;
/** How far back somebody is looked for who set a tag before tags were followed. */
const LOOKED = 50;

/** Why a customer has his tags: who or which words, since when and until when. Only fields and texts that the actor may read. */
export async function explainTags(deps: ExplainDeps, ctx: Ctx, id: string): Promise<TagExplanation[]> {
  const { workspace } = ctx;
  const row = await deps.read.get(ctx, CUSTOMER, id);
  const customer = customerOf(await deps.catalog.get(workspace));
  const fields = customer ? tagFields(customer).filter(({ name }) => name in row.values) : [];
  const { dictionary } = await deps.tags.latest(deps.db, workspace);
  const states = await statesOf(deps.db, workspace, [id]);
  const evidence = await evidenceOf(deps.db, workspace, id);
  const explained: TagExplanation[] = [];
  for (const { name: field } of fields)
    for (const tag of listOf(row.values[field])) {
      const state = states.find((one) => one.field === field && one.tag === tag);
      const entry = dictionary.entries.find((one) => one.field === field && one.tag === tag && !one.off);
      const own = evidence.filter((one) => one.field === field && one.tag === tag);
      const origin = state
        ? { actor: state.actor, at: state.set_at.toISOString() }
        : await setter(deps, ctx, id, field, tag);
      const ends =
        dictionary.on && entry && state && (state.actor === null || state.actor.startsWith('rule:'))
          ? endsAt(state.last_at, entry.months)
          : null;
      const shown = [];
      for (const one of own.slice(0, SHOWN)) shown.push(await present(deps, ctx, one));
      explained.push({
        ...{ field, tag, mentions: own.length, evidence: shown },
        by: origin?.actor === null ? 'texts' : origin?.actor === undefined ? 'unknown' : kindOf(origin.actor),
        actor: origin?.actor ?? null,
        actorName: null,
        since: origin?.at ?? null,
        lastAt: state?.last_at.toISOString() ?? null,
        until: ends?.toISOString() ?? null,
        becomes: ends && entry?.becomes !== undefined ? entry.becomes : null,
      });
    }
  const names = await deps.names(workspace, [...new Set(explained.flatMap(({ actor }) => actor ?? []))]);
  return explained.map((one) => ({ ...one, actorName: one.actor === null ? null : (names[one.actor] ?? null) }));
}

const kindOf = (actor: string): 'rule' | 'person' | 'system' =>
  actor.startsWith('rule:') ? 'rule' : actor === 'system' ? 'system' : 'person';

/** Who set a tag, from the history; null: it was there from the beginning, or too long ago. */
async function setter(
  deps: ExplainDeps,
  ctx: Ctx,
  id: string,
  field: string,
  tag: string,
): Promise<{ actor: string; at: string } | null> {
  const entries: HistoryEntry[] = await deps.read.history(ctx, CUSTOMER, id, { field, limit: LOOKED });
  const has = (value: FieldValue | undefined) => listOf(value).includes(tag);
  for (const { actor, at, fields } of entries) {
    const change = fields.find((one) => one.field === field);
    if (change && has(change.after) && !has(change.before)) return { actor, at };
  }
  return null;
}

async function present(
  deps: ExplainDeps,
  ctx: Ctx,
  mention: StoredMention,
): Promise<TagExplanation['evidence'][number]> {
  const { source_object: object, source_record: record, source_field: field, phrase, at } = mention;
  const shown = { object, record, field, phrase, at: at.toISOString() };
  try {
    const { values } = await deps.read.get(ctx, object, record);
    return { ...shown, sentence: sentenceOf(values[field], mention) };
  } catch {
    // Not for this reader, or deleted.
    return { ...shown, record: null, sentence: null };
  }
}

/** The text may have been written anew since, or be masked. */
function sentenceOf(
  text: FieldValue | undefined,
  { phrase, place, length }: StoredMention,
): TagExplanation['evidence'][number]['sentence'] {
  if (typeof text !== 'string') return null;
  const there = foldPhrase(text.slice(place, place + length)) === foldPhrase(phrase);
  return there ? sentenceAround(text, place, place + length) : null;
}
