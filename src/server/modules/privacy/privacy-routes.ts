import { AppError } from '../../../contract/errors.ts';
import { privacy as api } from '../../../contract/privacy.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { PrivacyDeps } from './deps.ts';
import { erasureRoutes } from './erasure-routes.ts';
import { answerMark, lookAtFields, openMarks } from './look-fields.ts';
import { overview } from './overview.ts';
import { requestRoutes } from './request-routes.ts';
import { retentionRoutes } from './retention-routes.ts';

/** The HTTP edge of privacy: the page of the data-protection officer. */
export function privacyRoutes(app: App, deps: PrivacyDeps): void {
  const { db, ctxOf } = deps;
  erasureRoutes(app, deps);
  requestRoutes(app, deps);
  retentionRoutes(app, deps);

  route(app, api.overview, async (call) => overview(deps, await ctxOf(call)));

  route(app, api.marks, async (call) => {
    const { workspace } = await ctxOf(call);
    return openMarks(db, workspace, await deps.catalog.get(workspace));
  });

  route(app, api.classify, async (call) => {
    const { workspace, at } = await ctxOf(call);
    const catalog = await deps.catalog.get(workspace);
    await lookAtFields(db, workspace, catalog, at);
    return openMarks(db, workspace, catalog);
  });

  route(app, api.answerMark, async (call) => {
    const { workspace, actor } = await ctxOf(call);
    const { object, field: name } = call.params;
    const catalog = await deps.catalog.get(workspace);
    const field = catalog.objects.find((one) => one.name === object)?.fields.find((one) => one.name === name);
    const sensitivity = field && (await answerMark(db, workspace, field.id, call.body.accept, actor));
    if (!sensitivity) throw new AppError('not-found');
    if (call.body.accept) await deps.editor.updateField(workspace, object, name, { sensitivity });
    return { ok: true as const };
  });
}
