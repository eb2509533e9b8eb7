import { tagging as api } from '../../../contract/tagging.ts';
import { redact } from '../../../domain/tagging/index.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import { OutgoingError } from '../../platform/outgoing/post.ts';
import type { MakeCtx } from '../edge.ts';
import { type AdviseDeps, entriesOf } from './advise-tags.ts';
import { openAdviser, questionCounts, readAdviser, saveAdviser } from './adviser-store.ts';
import { askModel } from './ask-model.ts';

/** The HTTP edge of the language model that proposes tags. Its key goes in and never out. */
export function adviserRoutes(app: App, deps: AdviseDeps & { ctxOf: MakeCtx }): void {
  const { db, seal, ctxOf } = deps;

  route(app, api.adviser, async (call) => {
    const { workspace, at } = await ctxOf(call);
    const { sealed, ...settings } = await readAdviser(db, workspace);
    return { ...settings, hasKey: sealed !== null, ...(await questionCounts(db, workspace, at)) };
  });

  route(app, api.saveAdviser, async (call) => {
    const { workspace, actor } = await ctxOf(call);
    await saveAdviser(db, seal, workspace, { ...call.body, by: actor });
    return { ok: true as const };
  });

  route(app, api.tryAdviser, async (call) => {
    const { workspace } = await ctxOf(call);
    const adviser = await openAdviser(db, seal, workspace);
    const entries = entriesOf(await deps.tags.latest(db, workspace));
    const sent = redact(call.body.text, []).text;
    try {
      const found = await askModel(adviser, entries, sent, { allowPrivate: deps.allowPrivate });
      const tags = found.map(({ entry, quote }) => ({ field: entry.field, tag: entry.tag, quote }));
      return { sent, tags, error: null };
    } catch (error) {
      if (!(error instanceof OutgoingError)) throw error;
      return { sent, tags: [], error: error.message };
    }
  });
}
