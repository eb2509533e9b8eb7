import type { Tx } from '../../platform/postgres/db.ts';
import { nextNamed, readTouched, type Touched, type Watch } from '../automation/index.ts';
import { readOutbox } from '../freshness/index.ts';
import { putQuestions, readAdviser } from './adviser-store.ts';
import { CUSTOMER, customerOf, KIND, listOf, type TagDeps, tagFields } from './deps.ts';
import { keepFound, loseOthers, refuseMentions } from './mention-store.ts';
import { dropStates, type Heard, keepStates, type TagKey } from './state-store.ts';
import { hear, type Source, sourcesOf } from './texts.ts';

/** Reads the outbox under this name. */
export const FOLLOWER = 'tagging';

export interface FollowDeps extends TagDeps {
  /** Has what was heard acted on soon, when the transaction commits. */
  actSoon: (tx: Tx, workspace: string) => Promise<void>;
}

/**
 * Reads what was written since the last time: texts for what they say, customers for tags that somebody set or took away. What is found is kept in one
 * transaction with how far the reader got: each change counts once, whatever crashes. Returns whether there may be more.
 */
export async function followTexts(deps: FollowDeps, workspace: string): Promise<boolean> {
  const catalog = await deps.catalog.get(workspace);
  return readOutbox(deps.db, workspace, FOLLOWER, async (portion) => {
    const { tx } = portion;
    const words = await deps.tags.latest(tx, workspace);
    const customer = customerOf(catalog);
    const tags = customer ? tagFields(customer).map(({ name }) => name) : [];
    const sources = words.dictionary.on ? sourcesOf(catalog, words.dictionary) : [];
    const { named, reached } = await nextNamed(portion, workspace, watchOf(sources, tags), catalog);
    if (named.length === 0) return reached;
    const touched = await readTouched(deps.read, tx, workspace, named);
    const now = deps.now();
    await followTags(tx, workspace, tags, touched);
    // However far behind the reader is.
    const written = touched.filter(({ set }) => set.at >= new Date(words.dictionary.since ?? 0));
    const advised = (await readAdviser(tx, workspace)).on;
    let waiting = 0;
    for (const name of new Set(sources.map(({ object }) => object.name))) {
      // The last word of each record: what it said in between nobody reads any more.
      const last = new Map(written.filter(({ object }) => object.name === name).map((one) => [one.id, one]));
      if (last.size === 0) continue;
      const found = [...last.values()].flatMap(({ id, what, after, set }) =>
        what === 'deleted'
          ? []
          : sources
              .filter(({ object }) => object.name === name)
              .flatMap((source) => hear(words, source, { id, values: after, writtenAt: set.at }, now).found),
      );
      if (advised)
        await putQuestions(
          tx,
          workspace,
          name,
          [...last.values()].flatMap(({ id, what }) => (what === 'deleted' ? [] : [id])),
          now,
        );
      waiting += await keepFound(tx, workspace, found, { state: 'waiting', run: null, now });
      waiting += await loseOthers(tx, workspace, [...last.keys()], found);
    }
    if (waiting > 0) await deps.actSoon(tx, workspace);
    return reached;
  });
}

function watchOf(sources: readonly Source[], tags: readonly string[]): Watch {
  const fields = new Map<string, Set<string>>([[CUSTOMER, new Set(tags)]]);
  for (const { object, of, fields: texts, when } of sources) {
    const known = fields.get(object.name) ?? new Set<string>();
    fields.set(object.name, known);
    for (const field of [of, when, ...texts]) if (field) known.add(field.name);
  }
  return {
    watches: (object) => fields.has(object),
    // Without fields it was deleted or restored.
    concerns: (object, written) => written.length === 0 || written.some((field) => fields.get(object)?.has(field)),
  };
}

/** Who set and who took away which tags; tagging itself notes its own. */
async function followTags(
  tx: Tx,
  workspace: string,
  fields: readonly string[],
  touched: readonly Touched[],
): Promise<void> {
  for (const { object, set, id, before, after, what } of touched) {
    if (object.name !== CUSTOMER || set.kind === KIND || what === 'deleted') continue;
    const added: Heard[] = [];
    const removed: TagKey[] = [];
    for (const field of fields) {
      const [was, is] = [listOf(before?.[field]), listOf(after[field])];
      const how = { actor: set.actor, at: set.at, set: set.id, last: set.at };
      for (const tag of is) if (!was.includes(tag)) added.push({ record: id, field, tag, ...how });
      for (const tag of was) if (!is.includes(tag)) removed.push({ record: id, field, tag });
    }
    await keepStates(tx, workspace, added);
    await dropStates(tx, workspace, removed);
    await refuseMentions(tx, workspace, removed);
  }
}
