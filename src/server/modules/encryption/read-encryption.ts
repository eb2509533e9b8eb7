import sql from 'sql-template-tag';
import type { EncryptionState } from '../../../contract/encryption.ts';
import { AppError } from '../../../contract/errors.ts';
import type { FieldDef } from '../../../domain/schema/types.ts';
import type { MasterKeys } from '../../platform/master-keys.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { sealedFields } from '../../records/catalog/lookup.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import { isSealedSql } from '../../records/sealed/lookup-sql.ts';
import { listMasters, missingMasters } from '../../records/sealed/master-store.ts';
import { listMoves } from '../../records/sealed/move-store.ts';
import { lastRotation } from '../../records/sealed/rotate.ts';

export interface EncryptionDeps {
  db: Db;
  catalog: CatalogStore;
  sealing: { masters: MasterKeys };
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
}

/** Which key is in force and since when, what it guards, and how far a rotation or a move is. */
export async function readEncryption(deps: EncryptionDeps, workspace: string): Promise<EncryptionState> {
  const { db } = deps;
  const { masters } = deps.sealing;
  const [known, here, missing, rotation, [keys], moves, catalog] = await Promise.all([
    listMasters(db),
    idsHere(masters),
    missingMasters(db, masters),
    lastRotation(db),
    db.query<{ n: number }>(sql`select count(*)::int as n from xianke_keys.data_key where workspace = ${workspace}
      and record <> '00000000-0000-0000-0000-000000000000'`),
    listMoves(db, workspace),
    deps.catalog.get(workspace),
  ]);
  const names = rotation ? await deps.names(workspace, [rotation.by]) : {};
  const fields = catalog.objects.flatMap((object) => sealedFields(object));
  return {
    masters: known.map(({ id, since, state, left_at }) => ({
      id,
      since: since.toISOString(),
      state,
      leftAt: left_at?.toISOString() ?? null,
      here: here.includes(id),
    })),
    missing,
    given: masters.given,
    keys: keys?.n ?? 0,
    fields: await Promise.all(
      fields.map(async (field) => {
        const move = moves.find((one) => one.field === field.id);
        return {
          object: field.object,
          field: field.name,
          values: await countValues(db, workspace, field),
          moving: field.moving ?? null,
          done: move?.done ?? 0,
          total: move?.total ?? 0,
          error: move?.error ?? null,
        };
      }),
    ),
    rotation: rotation
      ? {
          at: rotation.at.toISOString(),
          by: rotation.by,
          byName: names[rotation.by] ?? '',
          done: Math.min(rotation.done, rotation.total),
          total: rotation.total,
          finishedAt: rotation.finished_at?.toISOString() ?? null,
          error: rotation.error,
        }
      : null,
  };
}

async function idsHere(masters: MasterKeys): Promise<readonly string[]> {
  try {
    return await masters.ids();
  } catch (error) {
    // A key cut short: the page says that none is here.
    if (error instanceof AppError) return [];
    throw error;
  }
}

/** By the index of look-ups, which holds the sealed values of living records. */
async function countValues(db: Db, workspace: string, field: FieldDef): Promise<number> {
  const [row] = await db.query<{ n: number }>(sql`select count(*)::int as n from ${tableOf(workspace, field.object)}
    where deleted_at is null and ${isSealedSql(ident(field.name))}`);
  return row?.n ?? 0;
}
