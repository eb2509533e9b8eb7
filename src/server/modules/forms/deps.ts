import { modeAtCreate } from '../../../domain/access/reach.ts';
import type { Access, ObjectAccess } from '../../../domain/access/types.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import type { Log } from '../../platform/log.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, ReadDoor, WriteDoor } from '../../records/types.ts';
import type { Account } from '../identity/index.ts';
import type { Propose } from '../proposals/index.ts';
import type { NewNotice } from '../reminders/index.ts';
import type { StoredForm } from './form-store.ts';

/** What making records of submissions works with. */
export interface FormDeps {
  db: Db;
  read: ReadDoor;
  write: WriteDoor;
  catalog: CatalogStore;
  propose: Propose;
  accounts: () => Promise<Account[]>;
  accessOf: (workspace: string, person: { id: string; role: 'admin' | 'member' }) => Promise<Access>;
  env: (ctx: Pick<Ctx, 'at'>) => ParseEnv;
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
  notify: (tx: Tx, workspace: string, notice: NewNotice) => Promise<void>;
  log: Log;
  now: () => Date;
}

export const FORM_ACTOR = 'form:';

/**
 * The door's context of a form: under its own name, with what whoever saved it last may do now; null: he may nothing any more. He may not see everybody's
 * customers, but who fills in his form may be any of them, so it reads and changes all rows; by his fields, and those only.
 */
export async function ctxOfForm(
  deps: Pick<FormDeps, 'accounts' | 'accessOf'>,
  workspace: string,
  { id, author, design }: Pick<StoredForm, 'id' | 'author' | 'design'>,
  at: Date,
): Promise<Ctx | null> {
  const maker = (await deps.accounts()).find((one) => one.id === author);
  if (!maker || maker.disabled) return null;
  const his = await deps.accessOf(workspace, { id: maker.id, role: maker.role });
  return {
    workspace,
    actor: FORM_ACTOR + id,
    source: 'form',
    access: {
      admin: false,
      objects: Object.fromEntries(Object.entries(his.objects).map(([name, access]) => [name, everyRow(access)])),
    },
    at,
    lang: 'zh',
    reason: design.name,
  };
}

/** Every row, and of each object the modes that its maker has for what he creates. */
function everyRow(access: ObjectAccess): ObjectAccess {
  const { actions, grants = [] } = access;
  const named = new Set(['*', ...Object.keys(access.fields), ...grants.flatMap(({ fields }) => Object.keys(fields))]);
  const fields = Object.fromEntries([...named].map((field) => [field, modeAtCreate(access, field)]));
  return { rows: true, actions, fields };
}
