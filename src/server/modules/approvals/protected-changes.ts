import { AppError } from '../../../contract/errors.ts';
import { issueSentence } from '../../../contract/issue-sentence.ts';
import type { Change } from '../../../domain/change/types.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { WriteDoor } from '../../records/types.ts';
import type { Perform } from './run-approval.ts';

/** Writes protected values that were agreed to: all of them or none, and none that somebody changed meanwhile. */
export function performProtected({ write, catalog }: { write: WriteDoor; catalog: CatalogStore }): Perform {
  return async (ctx, content, once) => {
    const { changes } = content as { changes: Change[] };
    const { outcomes } = await write.write(ctx, changes, {
      kind: 'approval',
      reviewed: true,
      alongside: (tx, { changeSet }) => once(tx, changeSet === null ? {} : { changeSet }),
    });
    if (outcomes.some(({ status }) => status === 'conflict')) throw new AppError('approval-overtaken');
    const refused = outcomes.find(({ status }) => status === 'rejected');
    if (!refused) return;
    const { objects } = await catalog.get(ctx.workspace);
    const object = objects.find(({ name }) => name === refused.object);
    const detail = (refused.issues ?? []).map((issue) => issueSentence(issue, object, ctx.lang)).join(' ');
    throw new AppError('approval-refused', { detail });
  };
}
