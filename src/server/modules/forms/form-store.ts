import { randomBytes } from 'node:crypto';
import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { FormDesign } from '../../../domain/forms/index.ts';
import type { Db, Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** Row of table form. */
export interface StoredForm {
  id: string;
  key: string;
  design: FormDesign;
  version: number;
  state: 'draft' | 'open' | 'closed';
  author: string;
  made_at: Date;
  updated_at: Date;
  taken: number;
  [column: string]: unknown;
}

export function listForms(on: Queryable, workspace: string): Promise<StoredForm[]> {
  return on.query<StoredForm>(sql`select * from ${tableOf(workspace, 'form')} order by made_at desc, id`);
}

export async function findForm(on: Queryable, workspace: string, id: string): Promise<StoredForm> {
  const [row] = await on.query<StoredForm>(sql`select * from ${tableOf(workspace, 'form')} where id = ${id}::uuid`);
  if (!row) throw new AppError('not-found');
  return row;
}

/** @param from version that the author saw; 0: a new form */
export async function saveForm(
  db: Db,
  workspace: string,
  form: { id: string; design: FormDesign; from: number; author: string; at: Date },
): Promise<StoredForm> {
  const { id, design, from, author, at } = form;
  const table = tableOf(workspace, 'form');
  const json = JSON.stringify(design);
  const [row] =
    from === 0
      ? await db.query<StoredForm>(sql`insert into ${table} (id, key, design, author, made_at, updated_at)
          values (${id}, ${randomBytes(9).toString('base64url')}, ${json}::jsonb, ${author}, ${at}, ${at})
          on conflict (id) do nothing returning *`)
      : await db.query<StoredForm>(sql`update ${table} set design = ${json}::jsonb, version = version + 1, author = ${author}, updated_at = ${at}
          where id = ${id}::uuid and version = ${from} returning *`);
  if (!row) throw new AppError('conflict');
  return row;
}

export async function setFormState(
  db: Db,
  workspace: string,
  id: string,
  state: 'open' | 'closed',
  at: Date,
): Promise<StoredForm> {
  const [row] = await db.query<StoredForm>(
    sql`update ${tableOf(workspace, 'form')} set state = ${state}, updated_at = ${at} where id = ${id}::uuid returning *`,
  );
  if (!row) throw new AppError('not-found');
  return row;
}

/** A form through which something came in stays: its name is the source of what came. */
export async function removeForm(db: Db, workspace: string, id: string): Promise<void> {
  const rows = await db.query(sql`delete from ${tableOf(workspace, 'form')} f where id = ${id}::uuid
    and not exists (select from ${tableOf(workspace, 'form_submission')} s where s.form = f.id) returning id`);
  if (rows.length === 0) {
    await findForm(db, workspace, id);
    throw new AppError('form-in-use');
  }
}

/** How long a change of a form may take to be seen by its visitors. */
const AGE_MS = 1_000;
const MOST = 2_000;

export interface OpenForm {
  form: StoredForm;
  /** Words of the purpose that one agrees to. */
  consent: { purpose: string; words: { zh: string; en: string } } | null;
}

/** Forms by the key of their address, as of a second ago at most: looking one up costs hundreds of visitors a second one query. */
export function createFormShelf(db: Db, workspace: string) {
  const known = new Map<string, { found: Promise<OpenForm | null>; at: number }>();
  const read = async (key: string): Promise<OpenForm | null> => {
    const [form] = await db.query<StoredForm>(sql`select * from ${tableOf(workspace, 'form')} where key = ${key}`);
    if (!form) return null;
    const purpose = form.design.consent?.purpose;
    if (purpose === undefined) return { form, consent: null };
    const consent = await wordsOf(db, workspace, purpose);
    // Without the words that one was to agree to nothing is taken.
    return consent ? { form, consent } : { form: { ...form, state: 'closed' }, consent };
  };
  return {
    find(key: string): Promise<OpenForm | null> {
      if (!/^[A-Za-z0-9_-]{12}$/.test(key)) return Promise.resolve(null);
      const now = performance.now();
      const entry = known.get(key);
      if (entry && now - entry.at < AGE_MS) return entry.found;
      if (known.size >= MOST) known.clear();
      const found = read(key);
      known.set(key, { found, at: now });
      found.catch(() => known.delete(key));
      return found;
    },
  };
}

export async function wordsOf(
  on: Queryable,
  workspace: string,
  purpose: string,
): Promise<{ purpose: string; words: { zh: string; en: string } } | null> {
  const [row] = await on.query<{
    words: { zh: string; en: string };
  }>(sql`select t.words from ${tableOf(workspace, 'purpose')} p
    join ${tableOf(workspace, 'purpose_text')} t on t.purpose = p.id and t.version = p.version where p.id = ${purpose} and not p.retired`);
  return row ? { purpose, words: row.words } : null;
}
