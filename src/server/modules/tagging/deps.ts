import type { ParseEnv } from '../../../domain/fields/types.ts';
import type { Catalog, FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import type { Log } from '../../platform/log.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { liveFields } from '../../records/catalog/lookup.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, ReadDoor, WriteDoor } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import type { TagDictionaryStore } from './dictionary-store.ts';

/** What tagging works with. */
export interface TagDeps {
  db: Db;
  read: ReadDoor;
  write: WriteDoor;
  catalog: CatalogStore;
  tags: TagDictionaryStore;
  env: (ctx: Pick<Ctx, 'at'>) => ParseEnv;
  log: Log;
  now: () => Date;
}

/** Who has tags. */
export const CUSTOMER = 'customer';
/** Kind of the change sets that tagging makes: whoever else takes a tag away means it. */
export const KIND = 'tagging';

export function customerOf(catalog: Catalog): ObjectDef | undefined {
  return catalog.objects.find(({ name, retired }) => name === CUSTOMER && !retired);
}

/** Fields that hold tags; encrypted ones can't. */
export const tagFields = (object: ObjectDef): FieldDef[] =>
  liveFields(object).filter(({ type, encrypted }) => (type === 'tags' || type === 'multiselect') && !encrypted);

/** The system's own hand. What it may set was said by those who keep the dictionary. */
export function ctxOfTagger(catalog: Catalog, workspace: string, at: Date, reason?: string): Ctx {
  const access = accessFor('admin', catalog);
  return {
    workspace,
    actor: 'system',
    source: 'rule',
    access,
    at,
    lang: 'zh',
    ...(reason !== undefined && { reason }),
  };
}

/** Tags of a field; of an empty one none. */
export const listOf = (value: FieldValue | undefined): string[] => (Array.isArray(value) ? value.map(String) : []);
