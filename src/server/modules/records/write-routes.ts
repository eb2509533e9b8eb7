import { issueSentence } from '../../../contract/issue-sentence.ts';
import { records } from '../../../contract/records.ts';
import type { Outcome } from '../../../domain/change/types.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { Idempotency } from '../../platform/http/idempotency.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import { withoutSealed } from '../../records/sealed/in-writes.ts';
import type { Ctx, WriteDoor, WriteResult } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';

export interface WriteRouteDeps {
  write: WriteDoor;
  catalog: CatalogStore;
  ctxOf: MakeCtx;
  idempotency: Idempotency;
}

/** The HTTP edge of the write door. */
export function writeRoutes(app: App, { write, catalog, ctxOf, idempotency }: WriteRouteDeps): void {
  route(app, records.write, async (call) => {
    const { body } = call;
    const ctx = await ctxOf(call, body.reason);
    const metadata = await catalog.get(ctx.workspace);
    return idempotency.once(call.request, ctx, async (remember) => {
      const result = await write.write(ctx, body.changes, {
        ...(body.atomic !== undefined && { atomic: body.atomic }),
        ...(body.dryRun !== undefined && { dryRun: body.dryRun }),
        ...(remember && {
          alongside: (tx, written) => remember(tx, withoutSealed(metadata, spoken(ctx, metadata, written))),
        }),
      });
      return spoken(ctx, metadata, result);
    });
  });

  route(app, records.undo, async (call) => {
    const ctx = await ctxOf(call);
    return write.undo(ctx, call.params.id);
  });
}

/** Adds the sentence to every issue, in the reader's language. */
function spoken(ctx: Ctx, catalog: Catalog, result: WriteResult): WriteResult {
  return { ...result, outcomes: result.outcomes.map((outcome) => speak(ctx, catalog, outcome)) };
}

function speak(ctx: Ctx, catalog: Catalog, outcome: Outcome): Outcome {
  if (!outcome.issues) return outcome;
  const object = catalog.objects.find((candidate) => candidate.name === outcome.object);
  const issues = outcome.issues.map((issue) => ({ ...issue, message: issueSentence(issue, object, ctx.lang) }));
  return { ...outcome, issues };
}
