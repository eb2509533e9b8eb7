import sql, { type Sql } from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import { ruleComparing, whyNotEncrypted } from '../../../domain/schema/encryption.ts';
import { mayBeSealed, wantsEncryption } from '../../../domain/schema/sealed.ts';
import { type FieldDef, type ObjectDef, SYSTEM_COLUMNS } from '../../../domain/schema/types.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import { wantFill } from '../rollups/fill-store.ts';
import { distinctSql } from '../sealed/lookup-sql.ts';
import { beginMove } from '../sealed/move-store.ts';
import { addColumn, createTable, fieldIndexes, indexName, ruleIndexes, viewIndex } from './ddl.ts';
import { objectOf } from './lookup.ts';
import { ident, schemaOf, tableOf } from './names.ts';
import { assertReadable, assertRollupStays, withRollup } from './rollup-rules.ts';
import { type CatalogStore, readCatalog } from './store.ts';

/** A field as a designer or a template states it: no ids. */
export type FieldInput = Omit<FieldDef, 'id' | 'object' | 'position'> & { position?: number };
/** An object as a designer or a template states it. */
export type ObjectInput = Omit<ObjectDef, 'id' | 'fields' | 'position'> & { position?: number; fields: FieldInput[] };

export type ObjectPatch = Partial<Omit<ObjectInput, 'name' | 'fields'>>;
/** What is not named stays; null takes a setting away. */
export type FieldPatch = { [Key in keyof Omit<FieldInput, 'name'>]?: FieldInput[Key] | null };

/** Changes of metadata, each with its DDL in one transaction. Nothing is ever dropped: retired parts keep their data and can come back. */
export interface CatalogEditor {
  createObject(workspace: string, input: ObjectInput, indexes?: string[][]): Promise<ObjectDef>;
  updateObject(workspace: string, object: string, patch: ObjectPatch): Promise<ObjectDef>;
  createField(workspace: string, object: string, input: FieldInput): Promise<FieldDef>;
  updateField(workspace: string, object: string, field: string, patch: FieldPatch): Promise<FieldDef>;
  reorderFields(workspace: string, object: string, names: string[]): Promise<ObjectDef>;
  /** Says where the values of a field are that is moved into encryption or out of it. For the move alone (records/sealed). */
  settleField(
    workspace: string,
    object: string,
    field: string,
    state: Pick<FieldDef, 'encrypted' | 'moving'>,
    alongside?: (tx: Tx) => Promise<void>,
  ): Promise<void>;
}

export function createCatalogEditor(db: Db, store: CatalogStore): CatalogEditor {
  /** One change of metadata at a time per workspace; readers go on undisturbed. */
  async function change<T>(workspace: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    const result = await db.tx(async (tx) => {
      await tx.query(sql`update ${tableOf(workspace, 'catalog_version')} set version = version + 1`);
      // ALTER TABLE waits for running statements on the table, and everybody queues behind it: give up early instead.
      await tx.query(sql`set local lock_timeout = '5s'`);
      return work(tx);
    });
    store.invalidate(workspace);
    return result;
  }

  return {
    createObject: (workspace, input, indexes = []) =>
      change(workspace, async (tx) => {
        const catalog = await readCatalog(tx, workspace);
        if (catalog.objects.some((object) => object.name === input.name))
          throw new AppError('object-exists', { object: input.name });
        assertFree(input.name, await tablesOf(tx, workspace));
        const fields = input.fields.map((field, index) => ({ ...field, position: field.position ?? index + 1 }));
        if (!fields.some((field) => field.name === input.title))
          throw new AppError('title-field-needed', { object: input.name, field: input.title });
        for (const field of fields) assertFree(field.name, SYSTEM_COLUMNS);
        const { name, fields: _fields, position = catalog.objects.length + 1, ...definition } = input;
        const [row] = await tx.query<{ id: number }>(sql`
          insert into ${tableOf(workspace, 'object_def')} (name, definition, position)
          values (${name}, ${JSON.stringify(definition)}, ${position}) returning id`);
        const id = row?.id ?? 0;
        const stored: FieldDef[] = [];
        for (const field of fields) {
          assertEncryptable({ name, title: input.title }, field, catalog.objects);
          // Nothing can point to an object that is not there yet.
          if (field.rollup) throw new AppError('rollup-relation');
          stored.push(await insertField(tx, workspace, id, name, field));
        }
        const object: ObjectDef = { ...definition, id, name, position, fields: stored };
        const statements: Sql[] = [
          ...createTable(workspace, object),
          ...stored.flatMap((field) => fieldIndexes(workspace, name, field)),
          ...indexes.map((columns) => viewIndex(workspace, object, columns)),
        ];
        for (const statement of statements) await tx.query(statement);
        return object;
      }),

    updateObject: (workspace, name, patch) =>
      change(workspace, async (tx) => {
        const catalog = await readCatalog(tx, workspace);
        const before = objectOf(catalog, name);
        const { retired = before.retired ?? false, position = before.position, ...rest } = patch;
        const {
          id,
          name: _name,
          fields,
          position: _position,
          retired: _retired,
          ...definition
        } = { ...before, ...rest };
        if (!fields.some((field) => field.name === definition.title && !field.retired))
          throw new AppError('title-field-needed', { object: name, field: definition.title });
        await tx.query(sql`
          update ${tableOf(workspace, 'object_def')} set definition = ${JSON.stringify(definition)}, position = ${position},
            retired_at = ${retired ? new Date() : null} where id = ${id}`);
        if (rest.matchRules)
          for (const statement of ruleIndexes(workspace, before, { ...before, ...rest }, catalog.objects))
            await tx.query(statement);
        return { ...definition, id, name, position, fields, ...(retired ? { retired } : {}) };
      }),

    createField: (workspace, objectName, wanted) =>
      change(workspace, async (tx) => {
        let input = wanted;
        const catalog = await readCatalog(tx, workspace);
        const object = objectOf(catalog, objectName);
        assertFree(input.name, SYSTEM_COLUMNS);
        if (object.fields.some((field) => field.name === input.name))
          throw new AppError('field-exists', { object: objectName, field: input.name });
        assertEncryptable(object, input, catalog.objects);
        input = withRollup(catalog.objects, objectName, input);
        const position = input.position ?? Math.max(0, ...object.fields.map((field) => field.position)) + 1;
        const field = await insertField(tx, workspace, object.id, objectName, { ...input, position });
        await tx.query(addColumn(workspace, objectName, field));
        // The column is new, so every index on it is empty and instant.
        for (const index of fieldIndexes(workspace, objectName, field)) await tx.query(index);
        if (field.rollup) await wantFill(tx, workspace, [field]);
        return field;
      }),

    updateField: (workspace, objectName, fieldName, patch) =>
      change(workspace, async (tx) => {
        const { objects } = await readCatalog(tx, workspace);
        const object = objectOf({ version: 0, objects }, objectName);
        const before = object.fields.find((field) => field.name === fieldName);
        if (!before) throw new AppError('field-unknown', { object: objectName, field: fieldName });
        if (patch.type && patch.type !== before.type)
          throw new AppError('type-fixed', { field: fieldName, from: before.type, to: patch.type });
        if (patch.retired && object.title === fieldName)
          throw new AppError('title-field-needed', { object: objectName, field: fieldName });
        const after = withRollup(
          objects,
          objectName,
          withEncryption(objects, object, before, patched(before, patch), patch),
        );
        assertRollupStays(before, after);
        assertReadable(objects, after);
        if (before.moving && Boolean(after.unique) !== Boolean(before.unique))
          throw new AppError('field-moving', { field: before.label.zh });
        if (after.unique && !before.unique) await assertNoDuplicates(tx, workspace, objectName, before);
        await updateFieldRow(tx, workspace, after);
        if (before.unique && !after.unique)
          for (const kind of ['unique', 'sealed_unique'] as const)
            await tx.query(sql`drop index if exists ${tableOf(workspace, indexName(objectName, fieldName, kind))}`);
        // The index of a field whose values begin to move is made by the move, beside running writes.
        if (after.moving !== before.moving) await beginMove(tx, workspace, after);
        else for (const index of fieldIndexes(workspace, objectName, after)) await tx.query(index);
        // What children became while it was retired was not followed.
        if (after.rollup && (!same(after.rollup, before.rollup) || (before.retired && !after.retired)))
          await wantFill(tx, workspace, [after]);
        return after;
      }),

    settleField: (workspace, objectName, fieldName, state, alongside) =>
      change(workspace, async (tx) => {
        const object = objectOf(await readCatalog(tx, workspace), objectName);
        const found = object.fields.find((field) => field.name === fieldName);
        if (!found) throw new AppError('field-unknown', { object: objectName, field: fieldName });
        const { encrypted: _, moving: _moving, ...field } = found;
        await updateFieldRow(tx, workspace, { ...field, ...state });
        await alongside?.(tx);
      }),

    reorderFields: (workspace, objectName, names) =>
      change(workspace, async (tx) => {
        const object = objectOf(await readCatalog(tx, workspace), objectName);
        const rank = new Map(names.map((name, index) => [name, index + 1]));
        const fields = object.fields
          .map((field) => ({ ...field, position: rank.get(field.name) ?? names.length + field.position }))
          .sort((a, b) => a.position - b.position);
        for (const field of fields)
          await tx.query(
            sql`update ${tableOf(workspace, 'field_def')} set position = ${field.position} where id = ${field.id}`,
          );
        return { ...object, fields };
      }),
  };
}

async function insertField(
  tx: Tx,
  workspace: string,
  objectId: number,
  object: string,
  input: FieldInput & { position: number },
): Promise<FieldDef> {
  const { name, position, retired: _retired, ...definition } = input;
  const [row] = await tx.query<{ id: number }>(sql`
    insert into ${tableOf(workspace, 'field_def')} (object_id, name, definition, position)
    values (${objectId}, ${name}, ${JSON.stringify(definition)}, ${position}) returning id`);
  return { ...definition, id: row?.id ?? 0, object, name, position };
}

function patched(before: FieldDef, patch: FieldPatch): FieldDef {
  const after: Record<string, unknown> = { ...before };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete after[key];
    else after[key] = value;
  }
  return after as unknown as FieldDef;
}

/** What is encrypted is no setting like others: values have to be moved first, and the engine says where they are. */
function withEncryption(
  objects: readonly ObjectDef[],
  object: ObjectDef,
  before: FieldDef,
  after: FieldDef,
  patch: FieldPatch,
): FieldDef {
  const { encrypted: _, moving: _moving, ...field } = after;
  const stays = {
    ...(before.encrypted !== undefined && { encrypted: before.encrypted }),
    ...(before.moving !== undefined && { moving: before.moving }),
  };
  const wanted = 'encrypted' in patch ? patch.encrypted === true : wantsEncryption(before);
  if (wanted === wantsEncryption(before)) return { ...field, ...stays };
  if (before.moving) throw new AppError('field-moving', { field: before.label.zh });
  if (wanted) assertEncryptable(object, { ...field, encrypted: true }, objects);
  // Until every process knows, nothing is sealed; what is to be opened is written in plain at once.
  return { ...field, moving: wanted ? 'in' : 'out' };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function assertEncryptable(
  object: Pick<ObjectDef, 'name' | 'title'>,
  field: Pick<FieldDef, 'name' | 'type' | 'encrypted'>,
  objects: readonly ObjectDef[],
): void {
  const why = field.encrypted ? whyNotEncrypted(object, field, objects) : null;
  if (why === 'encrypt-rule')
    throw new AppError(why, { rule: ruleComparing(object.name, field.name, objects)?.name ?? '' });
  if (why) throw new AppError(why);
}

async function updateFieldRow(tx: Tx, workspace: string, field: FieldDef): Promise<void> {
  const { id, object: _object, name: _name, position, retired, ...definition } = field;
  await tx.query(sql`
    update ${tableOf(workspace, 'field_def')} set definition = ${JSON.stringify(definition)}, position = ${position},
      retired_at = ${retired ? new Date() : null} where id = ${id}`);
}

async function assertNoDuplicates(tx: Tx, workspace: string, object: string, field: FieldDef): Promise<void> {
  const column = mayBeSealed(field) ? distinctSql(ident(field.name)) : ident(field.name);
  const [row] = await tx.query<{ count: number }>(sql`
    select count(*)::int as count from (select 1 from ${tableOf(workspace, object)}
      where deleted_at is null and ${column} is not null group by ${column} having count(*) > 1) groups`);
  if (row && row.count > 0) throw new AppError('unique-has-duplicates', { field: field.name, count: row.count });
}

/** Tables of the engine live in the same schema as the objects'. */
async function tablesOf(tx: Tx, workspace: string): Promise<string[]> {
  const rows = await tx.query<{ name: string }>(
    sql`select relname as name from pg_class where relnamespace = to_regnamespace(${schemaOf(workspace).sql})`,
  );
  return rows.map(({ name }) => name);
}

function assertFree(name: string, taken: readonly string[]): void {
  if (taken.includes(name) || RESERVED.has(name)) throw new AppError('name-reserved', { name });
}

/** Prefixes of engine-made indexes and words that would confuse a query path. */
const RESERVED = new Set(['migration', 'migrations', 'all', 'any', 'not']);
