import { api } from '../../../contract/api.ts';
import type { Label } from '../../../domain/issue.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import type { CellEdit } from './edit-book.ts';
import type { RecordsText } from './texts.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

type Resolved = { ok: true; value: unknown } | { ok: false; message: string };

/** What is pasted from Excel names people and records; what is stored are their ids. Only an exact name counts: no guessing. */
export async function resolveReference(
  object: ObjectDef,
  edit: CellEdit,
  world: {
    t: RecordsText;
    label: (label: Label | undefined) => string;
    accounts: { id: string; name: string; email: string }[];
    catalog: Catalog;
  },
): Promise<Resolved> {
  const field = object.fields.find((one) => one.name === edit.field);
  if (!field || typeof edit.value !== 'string') return { ok: true, value: edit.value };
  const text = edit.value.trim();
  if (text === '') return { ok: true, value: null };
  if (field.type === 'user') {
    const known = world.accounts.some((account) => account.id === text);
    const named = world.accounts.filter((account) => account.name === text || account.email === text);
    if (known) return { ok: true, value: text };
    if (named.length === 1) return { ok: true, value: named[0]?.id };
    return { ok: false, message: world.t('user-none', { value: text }) };
  }
  if (field.type === 'relation' && !UUID.test(text)) {
    const target = world.catalog.objects.find((one) => one.name === field.target);
    if (!target) return { ok: true, value: text };
    try {
      const { rows } = await call(api.records.query, {
        body: {
          object: target.name,
          fields: [target.title],
          filter: { field: target.title, op: 'eq', value: text },
          page: { limit: 2 },
        },
      });
      if (rows.length === 1) return { ok: true, value: rows[0]?.id };
      return { ok: false, message: world.t('relation-none', { value: text, object: world.label(target.label) }) };
    } catch (error) {
      return { ok: false, message: sentence(error) };
    }
  }
  return { ok: true, value: edit.value };
}
