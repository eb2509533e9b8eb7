import sql from 'sql-template-tag';
import type { ParseEnv, Tree } from '../domain/fields/types.ts';
import { type AccessStore, createAccessStore } from './modules/access/index.ts';
import { createAmountGuard, createPatternStore, type PatternStore } from './modules/anomalies/index.ts';
import { type ApprovalRuleStore, createApprovalRules, createGate, type Gate } from './modules/approvals/index.ts';
import { withCustomerNames } from './modules/asking/index.ts';
import { type AuditStore, createAuditStore, watchReads } from './modules/audit/index.ts';
import { type AutomationRuleStore, createAutomationRules, withRuleNames } from './modules/automation/index.ts';
import { openTrees } from './modules/catalog/index.ts';
import { withFormNames } from './modules/forms/index.ts';
import { createLens, createPlans, type Plans, planRecords } from './modules/freshness/index.ts';
import { type Account, listAccounts } from './modules/identity/index.ts';
import { createPropose, type Propose } from './modules/proposals/index.ts';
import { createHoldGuard, createRuleStore, type RuleStore } from './modules/review/index.ts';
import { createTagDictionary, type TagDictionaryStore } from './modules/tagging/index.ts';
import { createValueSettings, type ValueSettingsStore } from './modules/value/index.ts';
import { DEFAULT_TIME_ZONE } from './modules/workspace/index.ts';
import { type MasterKeys, masterKeySource, openMasterKeys } from './platform/master-keys.ts';
import type { Db } from './platform/postgres/db.ts';
import { type CatalogEditor, createCatalogEditor } from './records/catalog/define.ts';
import { hasSealed } from './records/catalog/lookup.ts';
import { type CatalogStore, createCatalogStore } from './records/catalog/store.ts';
import { createEraseDoor } from './records/erase/erase-door.ts';
import { createErasedMarks, type ErasedMarks } from './records/erase/erased-marks.ts';
import type { EraseDoor } from './records/erase/types.ts';
import { createMassDoor, type MassDoor } from './records/mass/door.ts';
import { createIndexKeeper, createReadDoor, createRowScope, type IndexKeeper } from './records/read/door.ts';
import { lookupIfOpen } from './records/sealed/open-rows.ts';
import { createSealing, type Sealing } from './records/sealed/sealing.ts';
import { createIndexer } from './records/search/indexer.ts';
import type { Ctx, ReadDoor, WriteDoor } from './records/types.ts';
import { createWriteDoor } from './records/write/door.ts';
import type { Committed, ScopeSql, SearchIndexer } from './records/write/types.ts';

/** The record engine of one process: catalog and the two doors, with freshness inside them. Server, job threads and command line share it. */
export interface Engine {
  db: Db;
  catalog: CatalogStore;
  editor: CatalogEditor;
  plans: Plans;
  read: ReadDoor;
  /** Makes indexes that lists asked for; a job lets it work. */
  indexes: IndexKeeper;
  write: WriteDoor;
  /** Writes in portions over another pool, so that people's work comes first. */
  mass: (on: Db) => MassDoor;
  /** Takes people out of rows, past and search, for good. */
  eraseDoor: EraseDoor;
  /** Knows who was erased, by keyed hashes. */
  erased: ErasedMarks;
  indexer: SearchIndexer;
  /** Opens and closes values of encrypted fields. */
  sealing: Sealing;
  /** What amounts of each field are like. */
  patterns: PatternStore;
  /** Rules that decide proposals, and rules that hold changes. */
  rules: RuleStore;
  /** Holds changes for review. */
  propose: Propose;
  /** Row scopes, for statements beside the doors; knows the catalog. */
  scopeOf: (workspace: string) => Promise<ScopeSql>;
  trees: Record<string, Tree>;
  env: (ctx: Pick<Ctx, 'at'>) => ParseEnv;
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
  accounts: () => Promise<Account[]>;
  access: AccessStore;
  audit: AuditStore;
  /** Which acts need a second person. */
  approvalRules: ApprovalRuleStore;
  gate: Gate;
  /** Automatic rules. */
  automation: AutomationRuleStore;
  /** Dictionary of tags that texts set. */
  tags: TagDictionaryStore;
  /** How the value of customers is counted. */
  values: ValueSettingsStore;
  /** What a person may do now. */
  accessOf: AccessStore['accessOf'];
}

/**
 * @param proposed after the commit of what holds changes for review
 * @param masters what wraps the keys of encrypted values; by default where the environment says, and not looked at before it is needed
 * @param replica where figures over all records are read
 */
export function createEngine(
  db: Db,
  committed: (fact: Committed) => void = () => undefined,
  proposed: (workspace: string) => void = () => undefined,
  masters: MasterKeys = openMasterKeys(masterKeySource(process.env)),
  replica: Db = db,
): Engine {
  const sealing = createSealing(db, masters);
  const erased = createErasedMarks(db, sealing);
  const catalog = createCatalogStore(db);
  const editor = createCatalogEditor(db, catalog);
  const trees = openTrees();
  const environment = () => ({ timeZone: DEFAULT_TIME_ZONE, trees });
  const env = (ctx: Pick<Ctx, 'at'>): ParseEnv => ({ now: ctx.at, ...environment() });
  const plans = createPlans(db, catalog, environment);
  const automation = createAutomationRules(db);
  const names = withRuleNames(automation, withFormNames(db, withCustomerNames(db, accountNames(db))));
  const indexes = createIndexKeeper(db, catalog);
  const access = createAccessStore(db, catalog);
  const rowScope = createRowScope(environment, sealing.lookupNow);
  const audit = createAuditStore(db);
  const read = watchReads(
    createReadDoor({
      db,
      replica,
      indexes,
      sealing,
      catalog,
      environment,
      names,
      lens: async (workspace) => {
        await plans.ready(workspace);
        return createLens(plans, workspace);
      },
    }),
    { audit, catalog },
  );
  const patterns = createPatternStore(db);
  const rules = createRuleStore(db);
  const propose = createPropose(catalog, proposed, sealing);
  const approvalRules = createApprovalRules(db);
  const gate = createGate({ db, rules: approvalRules, audit, names });
  const indexer = createIndexer();
  const writing = {
    db,
    catalog,
    plans,
    indexer,
    scope: rowScope.scope,
    reach: rowScope.reach,
    env,
    sealing,
    erased,
    guard: createHoldGuard({ amounts: createAmountGuard(patterns), rules, catalog, environment, propose, gate }),
    committed,
  };
  const door = createWriteDoor(writing);
  const ready = async (workspace: string): Promise<void> => {
    await plans.ready(workspace);
    const known = await catalog.get(workspace);
    rowScope.know(workspace, known);
    if (hasSealed(known)) await lookupIfOpen(sealing, workspace);
  };
  // Both doors need the policy in force; reading it is a look into memory but for the first time.
  const write: WriteDoor = {
    ...door,
    write: async (ctx, changes, options) => {
      await ready(ctx.workspace);
      return door.write(ctx, changes, options);
    },
    undo: async (ctx, changeSet) => {
      await ready(ctx.workspace);
      return door.undo(ctx, changeSet);
    },
  };
  return {
    db,
    catalog,
    editor,
    plans,
    read,
    indexes,
    write,
    mass: (on) =>
      createMassDoor({
        ...writing,
        db: on,
        ready,
        replan: ({ workspace, at }, object, records) =>
          planRecords({ db: on, plans, workspace, now: () => at }, object, records),
      }),
    sealing,
    erased,
    eraseDoor: createEraseDoor({ db, catalog, indexer, sealing, marks: erased, committed }),
    indexer,
    patterns,
    rules,
    propose,
    scopeOf: async (workspace) => {
      await ready(workspace);
      return rowScope.scope;
    },
    trees,
    env,
    names,
    accounts: () => listAccounts(db),
    access,
    audit,
    approvalRules,
    gate,
    automation,
    tags: createTagDictionary(db),
    values: createValueSettings(db),
    accessOf: access.accessOf,
  };
}

/** How long a changed name may be seen as it was. */
const NAME_AGE_MS = 10_000;

/** Names of accounts by id, with and without the `user:` that history carries. There are few, and every list shows some. */
function accountNames(db: Db): Engine['names'] {
  const known = new Map<string, { name: string; at: number }>();
  return async (_workspace, ids) => {
    const plain = new Map(ids.map((id) => [id, id.replace(/^user:/, '')]));
    const now = performance.now();
    const unknown = [...new Set(plain.values())].filter(
      (id) => !(now - (known.get(id)?.at ?? -Infinity) < NAME_AGE_MS),
    );
    if (unknown.length > 0) {
      const rows = await db.query<{ id: string; name: string }>(
        sql`select id::text as id, name from auth."user" where id::text = any(${unknown})`,
        'engine-account-names',
      );
      for (const { id, name } of rows) known.set(id, { name, at: now });
    }
    return Object.fromEntries(
      [...plain].flatMap(([id, account]) => {
        const found = known.get(account);
        return found === undefined ? [] : [[id, found.name]];
      }),
    );
  };
}
