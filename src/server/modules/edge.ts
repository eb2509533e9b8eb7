import type { Lang } from '../../domain/issue.ts';
import type { Caller } from '../platform/http/caller.ts';
import type { Ctx } from '../records/types.ts';

/** Makes the context both doors take from an HTTP call; composed once in app.ts, used by every module's routes. */
export type MakeCtx = (call: { caller: Caller; lang: Lang }, reason?: string) => Promise<Ctx>;
