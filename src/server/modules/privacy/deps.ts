import type { ParseEnv } from '../../../domain/fields/types.ts';
import type { WorkCalendar } from '../../../domain/privacy/index.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { CatalogEditor } from '../../records/catalog/define.ts';
import type { Ctx, ReadDoor } from '../../records/types.ts';
import type { Act } from '../audit/index.ts';
import type { MakeCtx } from '../edge.ts';
import type { ErasureDeps } from './run-erasure.ts';

export interface PrivacyDeps extends ErasureDeps {
  ctxOf: MakeCtx;
  read: ReadDoor;
  editor: CatalogEditor;
  audit: { append(workspace: string, act: Act): Promise<void> };
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
  /** All that can be done, for what the law has to see whole. */
  fullAccess: (catalog: Catalog) => Ctx['access'];
  timeZone: (workspace: string) => Promise<string>;
  /** Days off and on, as the reminders know them. */
  calendar: (workspace: string) => Promise<WorkCalendar>;
  env: (ctx: Pick<Ctx, 'at'>) => ParseEnv;
  /** Has erasures that wait done soon. */
  eraseSoon(): Promise<void>;
}
