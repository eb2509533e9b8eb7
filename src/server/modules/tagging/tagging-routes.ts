import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import { tagging as api, type TagEntryInput } from '../../../contract/tagging.ts';
import {
  createTagger,
  MOST_PHRASES,
  phrasesOf,
  type TagDictionary,
  type TagEntry,
} from '../../../domain/tagging/index.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { CatalogEditor } from '../../records/catalog/define.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';
import { beginRun, cancel } from './advance-run.ts';
import { checkEntry } from './check-entry.ts';
import { CUSTOMER, customerOf, tagFields } from './deps.ts';
import { type ExplainDeps, explainTags } from './explain-tags.ts';
import { tagPresets } from './presets.ts';
import { listRuns, moveRun, newRun, readRun } from './run-store.ts';
import { readableTexts, sourcesOf } from './texts.ts';

export interface TagRouteDeps extends ExplainDeps {
  editor: CatalogEditor;
  ctxOf: MakeCtx;
  /** Lets a run go on. */
  kick: () => Promise<void>;
}

/** A dictionary of 100,000 phrases. */
const BODY_LIMIT = 16 * 1024 * 1024;

/** The HTTP edge of tags found in texts. */
export function taggingRoutes(app: App, deps: TagRouteDeps): void {
  const { db, tags, ctxOf } = deps;

  route(app, api.dictionary, async (call) => {
    const { workspace } = await ctxOf(call);
    const { version, dictionary } = await tags.latest(db, workspace);
    const catalog = await deps.catalog.get(workspace);
    const customer = customerOf(catalog);
    const taken = new Set(dictionary.entries.map(({ field, tag }) => `${field} ${tag}`));
    const holders = await db.query<{ field: string; tag: string; customers: number }>(
      sql`select field, tag, count(*)::int as customers from ${tableOf(workspace, 'tag_state')} where actor is null group by 1, 2`,
    );
    return {
      ...{ version, on: dictionary.on, entries: dictionary.entries, sources: dictionary.sources, holders },
      readable: readableTexts(catalog),
      fields: customer ? tagFields(customer).map(({ name }) => name) : [],
      presets: tagPresets(catalog, CUSTOMER)
        .filter(({ field, tag }) => !taken.has(`${field} ${tag}`))
        .map((preset) => ({ ...preset, preset: preset.id, about: preset.about[call.lang] })),
    };
  });

  route(
    app,
    api.saveEntries,
    async (call) => {
      const ctx = await ctxOf(call);
      const { dictionary } = await tags.latest(db, ctx.workspace);
      const catalog = await deps.catalog.get(ctx.workspace);
      const entries = new Map(dictionary.entries.map((entry) => [entry.id, entry]));
      for (const { id, ...input } of call.body.entries) {
        checkEntry(
          catalog,
          [...entries.values()].filter((one) => one.id !== id),
          input,
          call.lang,
        );
        entries.set(id, { ...trimmed(input), id });
      }
      const phrases = [...entries.values()].reduce((sum, one) => sum + one.phrases.length + one.except.length, 0);
      if (phrases > MOST_PHRASES) throw new AppError('too-large', { limit: MOST_PHRASES });
      const version = await keep(ctx, { ...dictionary, entries: [...entries.values()] }, call.body.version);
      for (const { id } of call.body.entries) await addOption(deps, ctx, entries.get(id));
      return { version };
    },
    { bodyLimit: BODY_LIMIT },
  );

  route(app, api.removeEntry, async (call) => {
    const ctx = await ctxOf(call);
    const { dictionary } = await tags.latest(db, ctx.workspace);
    const entries = dictionary.entries.filter(({ id }) => id !== call.params.id);
    if (entries.length === dictionary.entries.length) throw new AppError('not-found');
    return { version: await keep(ctx, { ...dictionary, entries }, call.query.version) };
  });

  route(app, api.settings, async (call) => {
    const ctx = await ctxOf(call);
    const { dictionary } = await tags.latest(db, ctx.workspace);
    const { on, sources, version } = call.body;
    const catalog = await deps.catalog.get(ctx.workspace);
    const found = sourcesOf(catalog, { sources });
    const wrong = sources.find((source) => {
      const known = found.find(({ object, of }) => object.name === source.object && (of?.name ?? null) === source.of);
      return source.fields.length > 0 && known?.fields.length !== source.fields.length;
    });
    if (wrong) throw new AppError('object-unknown', { object: wrong.object });
    const since = dictionary.on && dictionary.since !== undefined ? dictionary.since : ctx.at.toISOString();
    return { version: await keep(ctx, { ...dictionary, on, since, sources }, version) };
  });

  route(app, api.try, async (call) => {
    const { workspace } = await ctxOf(call);
    const { text, entry } = call.body;
    const words = await tags.latest(db, workspace);
    const trial: TagEntry | null = entry ? { ...trimmed(entry), id: 'trial', off: false } : null;
    const tagger = trial ? createTagger(phrasesOf([trial])) : words.tagger;
    return {
      mentions: tagger.find(text).flatMap((mention) => {
        const { tag: id, phrase, start, end, counts, because } = mention;
        const meant = trial ?? words.entries.get(id);
        if (!meant) return [];
        return {
          ...{ entry: id, field: meant.field, tag: meant.tag },
          ...{ phrase, start, end, counts, because: because ?? null },
        };
      }),
    };
  });

  route(app, api.runs, async (call) => {
    const { workspace } = await ctxOf(call);
    const runs = await listRuns(db, workspace);
    const names = await deps.names(workspace, [...new Set(runs.map(({ by }) => by))]);
    return {
      runs: runs.map((run) => ({
        ...{ id: run.id, state: run.state, done: run.done, total: run.total, counts: run.counts ?? [] },
        ...{ at: run.at.toISOString(), byName: names[run.by] ?? run.by, changeSet: run.change_set },
        finishedAt: run.finished_at?.toISOString() ?? null,
      })),
    };
  });

  route(app, api.look, async (call) => {
    const { workspace, actor, at } = await ctxOf(call);
    const { version } = await tags.latest(db, workspace);
    const id = await newRun(db, workspace, { at, by: actor, version });
    await deps.kick();
    return { id };
  });

  route(app, api.start, async (call) => {
    const { workspace } = await ctxOf(call);
    if (!(await beginRun(deps, workspace, call.params.id))) throw new AppError('tag-run-not-ready');
    await deps.kick();
    return { ok: true as const };
  });

  route(app, api.cancel, async (call) => {
    const { workspace } = await ctxOf(call);
    const run = await readRun(db, workspace, call.params.id);
    // Nobody works on one that waits for an answer; the others stop between two portions.
    if (run.state === 'ready') await cancel(deps, workspace, run);
    else if (!(await moveRun(db, workspace, run.id, sql`cancel = true`, ['looking', 'running'])))
      throw new AppError('tag-run-not-ready');
    else await deps.kick();
    return { ok: true as const };
  });

  route(app, api.explain, async (call) => ({ tags: await explainTags(deps, await ctxOf(call), call.params.id) }));

  const keep = (ctx: Ctx, dictionary: TagDictionary, from: number): Promise<number> =>
    tags.save(ctx.workspace, { author: ctx.actor, dictionary, from });
}

function trimmed(input: TagEntryInput): Omit<TagEntry, 'id'> {
  const list = (texts: readonly string[]) => [...new Set(texts.map((one) => one.trim()).filter((one) => one !== ''))];
  const { label, becomes, off, preset, ...entry } = input;
  return {
    ...entry,
    phrases: list(entry.phrases),
    except: list(entry.except),
    ...(label && { label }),
    ...(becomes !== undefined && { becomes }),
    ...(off && { off }),
    ...(preset !== undefined && { preset }),
  };
}

/** A tag of the product's becomes an option of its field, so that it has a name in both languages. */
async function addOption(
  { editor, catalog: catalogs }: Pick<TagRouteDeps, 'editor' | 'catalog'>,
  { workspace }: Ctx,
  entry: TagEntry | undefined,
): Promise<void> {
  // As it is now: the entry before may have added one to the same field.
  const field = customerOf(await catalogs.get(workspace))?.fields.find(({ name }) => name === entry?.field);
  if (!entry?.label || !field || field.options?.some(({ value }) => value === entry.tag)) return;
  const options = [...(field.options ?? []), { value: entry.tag, label: entry.label }];
  await editor.updateField(workspace, CUSTOMER, field.name, { options });
}
