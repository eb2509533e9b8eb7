import type { Access } from '../../../domain/access/types.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Sealing } from '../../records/sealed/sealing.ts';
import type { Ctx, ReadDoor, WriteDoor } from '../../records/types.ts';
import type { Run } from './run-store.ts';

/** What an import works with; the same in the server, in its worker thread and in the command line. */
export interface ImportDeps {
  db: Db;
  catalog: CatalogStore;
  read: ReadDoor;
  write: WriteDoor;
  /** Recognises records by encrypted fields, and keeps refused rows closed. */
  sealing: Sealing;
  workspace: string;
  env: (ctx: Pick<Ctx, 'at'>) => ParseEnv;
  accessOf: (workspace: string, person: { id: string; role: 'admin' | 'member' }) => Promise<Access>;
  /** Path of an uploaded file on disk. */
  filePath: (id: string) => string;
  now: () => Date;
}

/** An import acts as the person who started it, through the door `import`. */
export async function ctxOfRun(deps: ImportDeps, run: Run): Promise<Ctx> {
  return {
    workspace: deps.workspace,
    actor: run.created_by,
    source: 'import',
    access: await deps.accessOf(deps.workspace, { id: run.created_by.replace(/^user:/, ''), role: run.role }),
    at: deps.now(),
    lang: run.lang,
    reason: run.file_name,
  };
}
