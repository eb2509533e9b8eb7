import type { Db } from '../../platform/postgres/db.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { ReadDoor, WriteDoor } from '../../records/types.ts';
import type { Gate } from '../approvals/index.ts';

export interface DuplicatesDeps {
  db: Db;
  read: ReadDoor;
  write: WriteDoor;
  catalog: CatalogStore;
}

export interface MergeDeps extends DuplicatesDeps {
  /** What may need a second person. */
  gate: Gate;
}
