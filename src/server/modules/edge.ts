import type { Lang } from '../../domain/issue.ts';
import type { Caller } from '../platform/http/caller.ts';
import type { Ctx } from '../records/types.ts';

/** Whether it is so of any workspace. */
export async function someWorkspace(
  { workspaces }: { workspaces(): Promise<string[]> },
  isSo: (workspace: string) => Promise<boolean>,
): Promise<boolean> {
  for (const workspace of await workspaces()) if (await isSo(workspace)) return true;
  return false;
}

/** Makes the context both doors take from an HTTP call; composed once in app.ts, used by every module's routes. */
export type MakeCtx = (call: { caller: Caller; lang: Lang }, reason?: string) => Promise<Ctx>;
