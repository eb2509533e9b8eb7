/**
 * Every figure of the README, absolute and as ratio to a floor measured in the same run. `npm run bench -- --rows 500000`
 * The floors: parsing and COPY for imports; the same SQL with ideal indexes through the bare driver, and through a thin
 * node:http + pg server, for lists, searches and edits. Product and floors share one PostgreSQL and its settings.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureAccess } from './figures/access.ts';
import { measureAsOf } from './figures/asof.ts';
import { measureDue } from './figures/due.ts';
import { measureEdits } from './figures/edit.ts';
import { measureFresh } from './figures/fresh.ts';
import { measureImports } from './figures/import.ts';
import { measureFirstUse, measureLists } from './figures/list.ts';
import { measureMass } from './figures/mass.ts';
import { measurePage } from './figures/page.ts';
import { measurePolicy } from './figures/policy.ts';
import { measureSearch } from './figures/search.ts';
import { measureMemory, measureStart } from './figures/start.ts';
import { measureUndo } from './figures/undo.ts';
import type { Bench } from './harness/context.ts';
import { type Figure, meets, round } from './harness/figure.ts';
import { Client } from './harness/load.ts';
import { describeMachine, loadNow } from './harness/machine.ts';
import { FIGURES, type FigureName, readOptions } from './harness/options.ts';
import { openDatabase, setUpPeople, startProduct } from './harness/product.ts';
import { report } from './harness/report.ts';

/** After the imports, in the order of FIGURES. */
const STEPS: Partial<Record<FigureName, (bench: Bench) => Promise<void>>> = {
  list: measureLists,
  access: measureAccess,
  search: measureSearch,
  page: measurePage,
  edit: (bench) => measureEdits(bench),
  first: measureFirstUse,
  due: measureDue,
  policy: measurePolicy,
  asof: measureAsOf,
  undo: measureUndo,
  mass: measureMass,
  memory: measureMemory,
  start: measureStart,
  fresh: measureFresh,
};

const options = readOptions(process.argv.slice(2));
execFileSync(process.execPath, [fileURLToPath(new URL('../scripts/build.mjs', import.meta.url))], { stdio: 'inherit' });
mkdirSync(options.work, { recursive: true });
const dataDir = options.dataDir ?? mkdtempSync(join(options.work, 'data-'));
const figures: Figure[] = [];

const product = await startProduct(dataDir, options.profile);
const people = await setUpPeople(product.url);
const bench: Bench = {
  options,
  product,
  people,
  admin: new Client(product.url, people.admin),
  member: new Client(product.url, people.member),
  db: await openDatabase(dataDir),
  imported: [],
  add(figure) {
    figures.push(figure);
    const { name, value, unit, ratio } = figure;
    const met = meets(figure);
    console.log(
      `  ${name.padEnd(28)} ${value === null ? '–' : round(value)} ${unit}${ratio === undefined ? '' : `  ${round(ratio)} ×`}${met === null ? '' : met ? '  ok' : '  MISSED'}${figure.note ? `  (${figure.note})` : ''}`,
    );
  },
  say: (text) => console.log(`· ${text}`),
  async restart() {
    bench.admin.close();
    bench.member.close();
    await bench.db.end();
    await bench.product.stop();
    bench.product = await startProduct(dataDir, options.profile);
    bench.admin = new Client(bench.product.url, people.admin);
    bench.member = new Client(bench.product.url, people.member);
    bench.db = await openDatabase(dataDir);
    return bench.product.startedInMs;
  },
};
const machine = await describeMachine(bench.db);
let full = false;
try {
  if (options.dataDir === undefined) await measureImports(bench);
  // What autovacuum does within minutes of such an import.
  for (const table of ['customer', 'freshness', 'search_entry'])
    await bench.db.query(`vacuum (analyze) w_main.${table}`);
  for (const name of FIGURES) {
    if (!options.only.has(name)) continue;
    // One figure that can't be measured does not take the others with it.
    await STEPS[name]?.(bench).catch((error: unknown) => {
      console.error(`! ${name}:`, error);
      process.exitCode = 1;
    });
  }
  full =
    process.exitCode === undefined &&
    options.dataDir === undefined &&
    FIGURES.every((name) => name === 'fresh' || options.only.has(name));
} finally {
  await bench.db.end().catch(() => undefined);
  bench.admin.close();
  bench.member.close();
  await bench.product.stop();
  if (options.dataDir === undefined && !options.keep) rmSync(dataDir, { recursive: true, force: true });
  else console.log(`· data directory: ${dataDir}`);
}
machine.load.push(loadNow());
report(figures, machine, options, full);
