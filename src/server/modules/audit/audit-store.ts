import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { AuditKind, Plain } from '../../../domain/audit/index.ts';
import { gather } from '../../platform/gather.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { queryHot } from '../../platform/postgres/query-hot.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** Something that was done, as the log takes it. Change sets need no such thing: they are entries by themselves. */
export interface Act {
  at: Date;
  /** `user:ID`, `visitor`. */
  actor: string;
  source: string;
  kind: AuditKind;
  object?: string;
  /** Ids of records. */
  records?: readonly string[];
  /** Stays for ever: no personal data. */
  body?: Plain;
  /** Only a commitment to it is in the tree; may be erased. */
  private?: Plain;
}

export interface AuditStore {
  /** Resolves when the act is on record. Acts of the same moment share a statement. */
  append(workspace: string, act: Act): Promise<void>;
  /** Called after each append, to have it sealed soon. */
  onAppended(listener: () => void): void;
}

const MOST = 200;
/** Milliseconds. */
const PATIENCE = 30;

export function createAuditStore(db: Db): AuditStore {
  let appended: () => void = () => undefined;
  const write = gather<{ workspace: string; act: Act }, void>(
    async (inputs) => {
      const [first] = inputs;
      if (first)
        await insertActs(
          db,
          first.workspace,
          inputs.map(({ act }) => act),
        );
      return inputs.map(() => undefined);
    },
    { most: MOST, abreast: 2, patience: PATIENCE },
  );
  return {
    async append(workspace, act) {
      await write(`${workspace} ${isLook(act)}`, { workspace, act });
      appended();
    },
    onAppended(listener) {
      appended = listener;
    },
  };
}

/** Of a look, a crash of the database may lose the last half second; the person who looked need not wait for the disk. */
const isLook = ({ kind }: Act): boolean => kind === 'read' || kind === 'search';

async function insertActs(db: Db, workspace: string, acts: Act[]): Promise<void> {
  const [first] = acts;
  if (!first) return;
  const rows = acts.map((act) => ({
    id: uuidv7(),
    at: act.at,
    actor: act.actor,
    source: act.source,
    kind: act.kind,
    object: act.object ?? null,
    records: act.records ?? [],
    body: storable(act.body ?? {}),
    private: act.private === undefined ? null : storable(act.private),
  }));
  await queryHot(
    db,
    sql`with wait as materialized (select set_config('synchronous_commit',
        case when ${isLook(first)}::boolean then 'off' else current_setting('synchronous_commit') end, true))
      insert into ${tableOf(workspace, 'audit_pending')} (id, at, actor, source, kind, object, records, body, private)
      select x.id, x.at, x.actor, x.source, x.kind, x.object, x.records, x.body, x.private
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(id uuid, at timestamptz, actor text, source text, kind text,
        object text, records uuid[], body jsonb, private jsonb), wait`,
  );
}

/** jsonb holds no U+0000 and no half of a surrogate pair; what somebody typed may. */
export function storable(value: Plain): Plain {
  if (typeof value === 'string') return Buffer.from(value.replaceAll('\0', ''), 'utf8').toString();
  if (Array.isArray(value)) return value.map(storable);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [storable(key), storable(one)]));
}
