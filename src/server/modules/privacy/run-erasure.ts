import sql from 'sql-template-tag';
import type { ErasureReport } from '../../../contract/privacy.ts';
import { tracer } from '../../../domain/privacy/index.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { Files } from '../../platform/files/files.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import { LINKED_TABLES } from '../../records/erase/linked-rows.ts';
import { redactMentions } from '../../records/erase/mentions.ts';
import { readTraces } from '../../records/erase/read-traces.ts';
import { sweepAudit, sweepCopies, sweepPast } from '../../records/erase/sweep.ts';
import { addCounts, type EraseDoor } from '../../records/erase/types.ts';
import type { Sealing } from '../../records/sealed/sealing.ts';
import type { Ctx } from '../../records/types.ts';
import type { SearchIndexer } from '../../records/write/types.ts';
import { eraseFiles, FilesBusy } from './erase-files.ts';
import {
  countRecords,
  type Erasure,
  type ErasureRecord,
  markDone,
  nextRecords,
  readErasure,
  setErasure,
  waitingErasures,
} from './erasure-store.ts';
import { closeErased } from './request-store.ts';
import { reachOf } from './targets.ts';

export interface ErasureDeps {
  db: Db;
  catalog: CatalogStore;
  eraseDoor: EraseDoor;
  indexer: SearchIndexer;
  /** Encrypted values are opened to find their copies elsewhere. */
  sealing: Sealing;
  files: Files;
  /** Messages that wait to be sent: those for which the test holds are taken back. */
  recallMessages(workspace: string, isAbout: (text: string) => boolean): Promise<number>;
  now: () => Date;
}

const PORTION = 200;
/** Beyond this many records other people's records are not searched for mentions: each would be compared with thousands of values. */
const MOST_MENTIONED = 400;

/**
 * Does what was decided, portion by portion. What identifies the person is read from his own records, so copies are looked for first and the records go
 * last: a kill at any moment leaves enough to begin again, and nothing of it has to be kept anywhere.
 */
export async function runErasure(deps: ErasureDeps, workspace: string, id: string, signal: AbortSignal): Promise<void> {
  const erasure = await readErasure(deps.db, workspace, id);
  if (erasure.state === 'done') return;
  await setErasure(deps.db, workspace, id, { state: 'working' });
  try {
    await work(deps, workspace, erasure, signal);
  } catch (error) {
    // What a database or a parser says may quote what it was given; a log must not hold it.
    const code = error instanceof FilesBusy ? 'files-busy' : codeOf(error);
    await setErasure(deps.db, workspace, id, { state: 'working', error: code });
    throw new Error(`erasure ${id}: ${code}`);
  }
}

/** All that wait, one after the other: after an older state was restored. @returns how many */
export async function finishErasures(deps: ErasureDeps, workspace: string): Promise<number> {
  const waiting = await waitingErasures(deps.db, workspace);
  for (const id of waiting) await runErasure(deps, workspace, id, new AbortController().signal);
  return waiting.length;
}

const codeOf = (error: unknown): string => {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'unexpected';
};

async function work(deps: ErasureDeps, workspace: string, erasure: Erasure, signal: AbortSignal): Promise<void> {
  const { db } = deps;
  const catalog = await deps.catalog.get(workspace);
  const ctx: Ctx = {
    ...{ workspace, actor: erasure.by, source: 'system', at: deps.now(), lang: 'zh' },
    access: { admin: true, objects: {} },
  };
  const counts = await countRecords(db, workspace, erasure.id);
  const total = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const report = emptyReport(erasure.report);
  const touched = new Set([...erasure.unscrubbed, ...LINKED_TABLES, 'delta', 'audit_entry', 'audit_pending']);
  await deps.eraseDoor.open(ctx, erasure.change_set, erasure.mode, erasure.ground);
  for (;;) {
    if (signal.aborted) throw new DOMException('stopped', 'AbortError');
    const portion = await nextRecords(db, workspace, erasure.id, PORTION);
    if (portion.length === 0) break;
    for (const { object } of portion) touched.add(object);
    await erasePortion(deps, ctx, catalog, erasure, portion, report, touched, total <= MOST_MENTIONED);
    await setErasure(db, workspace, erasure.id, { state: 'working', report, unscrubbed: [...touched] });
  }
  report.records = counts;
  await deps.eraseDoor.close(ctx, erasure.change_set, counts, erasure.mode);
  await closeErased(db, workspace, erasure.id, deps.now(), erasure.by);
  await setErasure(db, workspace, erasure.id, {
    state: 'done',
    report,
    finishedAt: deps.now(),
    unscrubbed: [...touched],
  });
}

async function erasePortion(
  deps: ErasureDeps,
  ctx: Ctx,
  catalog: Catalog,
  erasure: Erasure,
  portion: ErasureRecord[],
  report: ErasureReport,
  touched: Set<string>,
  searchOthers: boolean,
): Promise<void> {
  const { db } = deps;
  const { workspace } = ctx;
  const ids = portion.map(({ record }) => record);
  const groups = groupsOf(portion);
  const targets = new Map<string, string[]>();
  for (const { object, ids: some } of groups) targets.set(object, [...(targets.get(object) ?? []), ...some]);
  const family = searchOthers ? await nearOf(db, workspace, catalog, targets) : [];
  const traces = await readTraces(db, workspace, catalog, targets, family, deps.sealing);
  const objects = catalog.objects.map(({ name }) => name);

  report.files += await eraseFiles(deps, workspace, traces, await setsOf(db, workspace, targets));
  report.messages += await deps.recallMessages(workspace, tracer(traces, false));
  await sweep();
  if (searchOthers)
    for (const object of catalog.objects) {
      const n = await redactMentions(db, ctx, object, traces, ids, family, deps.indexer);
      if (n > 0) touched.add(object.name);
      addCounts(report.mentions, { [object.name]: n });
    }
  for (const { object, mode, ids: some } of groups) {
    const erased = await deps.eraseDoor.erase(ctx, {
      ...{ changeSet: erasure.change_set, erasure: erasure.id, ground: erasure.ground, object, mode, ids: some },
      alongside: (tx) => markDone(tx, workspace, erasure.id, some),
    });
    report.fields += erased.fields;
    report.deltas += erased.deltas;
    addCounts(report.copies, erased.copies);
  }
  // What somebody typed, imported or sent between the search and the deed.
  await sweep();

  async function sweep(): Promise<void> {
    const copies = await sweepCopies(db, workspace, objects, traces);
    for (const table of Object.keys(copies)) touched.add(table);
    addCounts(report.copies, copies);
    report.audit += await sweepAudit(db, workspace, traces);
    if (searchOthers) report.deltas += await sweepPast(db, workspace, traces, family);
  }
}

function emptyReport(so: Partial<ErasureReport>): ErasureReport {
  return { records: {}, fields: 0, deltas: 0, files: 0, messages: 0, audit: 0, copies: {}, mentions: {}, ...so };
}

/** Per object and mode, in the order they came: what hangs below goes before what it hangs on. */
function groupsOf(portion: ErasureRecord[]): { object: string; mode: ErasureRecord['mode']; ids: string[] }[] {
  const groups = new Map<string, { object: string; mode: ErasureRecord['mode']; ids: string[] }>();
  for (const { record, object, mode } of portion) {
    const key = `${object} ${mode}`;
    const group = groups.get(key) ?? { object, mode, ids: [] };
    group.ids.push(record);
    groups.set(key, group);
  }
  return [...groups.values()];
}

async function nearOf(db: Db, workspace: string, catalog: Catalog, targets: Map<string, string[]>): Promise<string[]> {
  const near = new Set<string>();
  for (const [object, ids] of targets)
    for (const id of (await reachOf(db, workspace, catalog, { object, ids, mode: 'erase', below: 'erase' })).family)
      near.add(id);
  return [...near].filter((id) => ![...targets.values()].some((ids) => ids.includes(id)));
}

/** Change sets that wrote the records. */
async function setsOf(db: Db, workspace: string, targets: Map<string, string[]>): Promise<string[]> {
  const sets = new Set<string>();
  for (const [object, ids] of targets) {
    const rows = await db.query<{ id: string }>(sql`
      select created_in as id from ${tableOf(workspace, object)} where id = any(${ids}::uuid[])
      union select change_set from ${tableOf(workspace, 'delta')} where record = any(${ids}::uuid[])`);
    for (const { id } of rows) sets.add(id);
  }
  return [...sets];
}
