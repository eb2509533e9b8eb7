import { createReadStream } from 'node:fs';
import { request } from 'node:http';
import { DEMO_COLUMNS } from '../../src/demo/index.ts';
import { type Bench, customers, delay } from '../harness/context.ts';
import { cpuNow, cpuSince } from '../harness/cpu.ts';
import { percentile, round } from '../harness/figure.ts';
import { type Fixture, fixture } from '../harness/fixtures.ts';
import { importFloor, makeTwins } from '../harness/floor.ts';
import { checkIntact } from '../harness/intact.ts';
import { watchMemory } from '../harness/memory.ts';

interface Run {
  id: string;
  state: string;
  error: { message: string } | null;
  settings: { columns: { column: number; header: string; target: string | null; why: string }[] } | null;
  result: { rows: number; create: number; reject: number; warn: number } | null;
  changeSet: string | null;
}

/** XLSX_LIMIT: rows of a sheet, without the header. */
const XLSX_LIMIT = 1_048_575;

/** Both files, one after the other, into the same product; each against its floor. */
export async function measureImports(bench: Bench): Promise<void> {
  const { rows } = bench.options;
  await makeTwins(bench);
  await measureImport(bench, 'xlsx', 0, Math.min(rows, XLSX_LIMIT), 3);
  await measureImport(bench, 'csv', Math.min(rows, XLSX_LIMIT), rows, 2.5);
}

/** Some of it looks for work once a minute. */
const EVERY_MINUTE_MS = 65_000;

/** What follows an import in the background (keys for duplicates, learning) is waited for: it must not slow down the floor, and the other figures are of a usual day. */
async function quiet({ product, say }: Bench): Promise<void> {
  const began = performance.now();
  for (let calm = 0; performance.now() - began < (calm < 3 ? 900_000 : EVERY_MINUTE_MS); ) {
    const before = cpuNow(product.pid, product.dataDir);
    await delay(2000);
    const { node, postgres } = cpuSince(before, product.pid, product.dataDir);
    calm = node + postgres < 0.2 ? calm + 1 : 0;
  }
  say(`what follows the import in the background took ${Math.round((performance.now() - began) / 1000)} s`);
}

async function measureImport(bench: Bench, format: 'xlsx' | 'csv', from: number, rows: number, bar: number) {
  const { options, db, say, add } = bench;
  say(`making ${rows.toLocaleString('en')} rows of .${format}`);
  const file = await fixture(options.work, format, { seed: options.seed, from, rows });
  const before = await customers(db);
  await db.query('checkpoint');
  say(`importing ${file.name} (${round(file.bytes / 1e6)} MB)`);
  const run = await importFile(bench, file);
  const made = (await customers(db)) - before;
  if (made !== rows) throw new Error(`${made} of ${rows} customers were made: ${JSON.stringify(run.result)}`);
  bench.imported.push({ fixture: file, id: run.id, changeSet: run.changeSet });
  await checkIntact(bench, file, run.changeSet);
  await quiet(bench);
  say(`floor of .${format}`);
  const floor = await importFloor(bench, file, run.changeSet);

  const least = floor.rows + floor.beside;
  add({
    name: `import.${format}`,
    title: `import ${rows.toLocaleString('en')} rows × ${DEMO_COLUMNS.length} columns, .${format}`,
    value: run.seconds,
    unit: 's',
    floor: { value: least, unit: 's', what: 'parse + COPY, same tables and indexes' },
    ratio: run.seconds / least,
    bar: { of: 'ratio', most: bar },
    note: `${Math.round(rows / run.seconds).toLocaleString('en')} rows/s; upload ${round(run.upload)} s, mapping and preview ${round(run.prepare)} s, writing ${round(run.write)} s; processor: Node ${round(run.cpu.node)} s, PostgreSQL ${round(run.cpu.postgres)} s (floor ${round(floor.cpu.node)} and ${round(floor.cpu.postgres)} s); every Chinese character intact`,
  });
  add({
    name: `import.${format}.customer`,
    title: `… to the customer table alone (without search index and freshness)`,
    value: run.seconds,
    unit: 's',
    floor: { value: floor.rows, unit: 's', what: 'parse + COPY, customer table only' },
    ratio: run.seconds / floor.rows,
  });
  add({
    name: format === 'xlsx' ? 'import.rss.mb' : 'import.csv.rss.mb',
    title: `… peak memory of the Node processes, .${format}`,
    value: run.peakMb,
    unit: 'MB',
    floor: { value: floor.peakMb, unit: 'MB', what: 'the floor’s own process' },
    ratio: run.peakMb / floor.peakMb,
    bar: { of: 'value', most: 700 },
  });
  add({
    name: `import.${format}.list.p95.ms`,
    title: '… p95 of a list of 50 meanwhile',
    value: percentile(run.lists, 95),
    unit: 'ms',
    bar: { of: 'value', most: 200 },
    note: `${run.lists.length} lists, longest ${round(run.lists.at(-1) ?? 0)} ms`,
  });
}

/** The last file once more, after its import was taken back. */
export async function importAgain(bench: Bench): Promise<void> {
  const last = bench.imported.at(-1);
  if (!last) return;
  bench.say('importing once more what was taken back');
  await importFile(bench, last.fixture);
  await quiet(bench);
}

/** Upload, mapping, preview and writing, as a person would but without the thinking; lists are asked for meanwhile. */
async function importFile(bench: Bench, file: Fixture) {
  const { admin, product } = bench;
  const memory = watchMemory(product.pid);
  let going = true;
  const lists = askForLists(bench, () => going);
  try {
    const cpu = cpuNow(product.pid, product.dataDir);
    const began = performance.now();
    const id = await upload(bench, file);
    const uploaded = performance.now();
    let run = await until(bench, id, ['ready']);
    const settings = run.settings;
    const wrong = settings?.columns.filter(
      ({ column, target }) => target !== `customer.${DEMO_COLUMNS[column]?.field}`,
    );
    if (!settings || !wrong || wrong.length > 0)
      throw new Error(`columns are not recognised: ${JSON.stringify(wrong)}`);
    const ready = performance.now();
    await admin.send({ method: 'POST', path: `/api/v1/imports/${id}/start` });
    run = await until(bench, id, ['done']);
    const done = performance.now();
    if (!run.changeSet) throw new Error('an import without a change set');
    going = false;
    return {
      id,
      changeSet: run.changeSet,
      result: run.result,
      seconds: (done - began) / 1000,
      upload: (uploaded - began) / 1000,
      prepare: (ready - uploaded) / 1000,
      write: (done - ready) / 1000,
      cpu: cpuSince(cpu, product.pid, product.dataDir),
      peakMb: memory.stop(),
      lists: await lists,
    };
  } finally {
    going = false;
    await lists;
    memory.stop();
  }
}

function upload({ product, people }: Bench, file: Fixture): Promise<string> {
  return new Promise((resolve, reject) => {
    const message = request(
      `${product.url}/api/v1/imports?name=${encodeURIComponent(file.name)}&object=customer`,
      {
        method: 'POST',
        headers: { ...people.admin, 'content-type': 'application/octet-stream', 'content-length': file.bytes },
      },
      (reply) => {
        let text = '';
        reply.setEncoding('utf8');
        reply.on('data', (piece: string) => {
          text += piece;
        });
        reply.on('end', () => {
          if (reply.statusCode === 200) resolve((JSON.parse(text) as Run).id);
          else reject(new Error(`upload: ${reply.statusCode} ${text}`));
        });
      },
    );
    message.on('error', reject);
    createReadStream(file.path).on('error', reject).pipe(message);
  });
}

async function until({ admin }: Bench, id: string, states: string[]): Promise<Run> {
  for (;;) {
    const run = await admin.json<Run>({ path: `/api/v1/imports/${id}` });
    if (states.includes(run.state)) return run;
    if (['failed', 'cancelled'].includes(run.state)) throw new Error(`import ${run.state}: ${run.error?.message}`);
    await delay(100);
  }
}

/** Somebody works with the list while a file is read: one page after the other, with a breath between. */
async function askForLists({ admin }: Bench, going: () => boolean): Promise<Float64Array> {
  const times: number[] = [];
  const query = { object: 'customer', sort: [{ field: 'name', dir: 'asc' }], page: { limit: 50 } };
  while (going()) {
    const at = performance.now();
    await admin.send({ path: '/api/v1/records/query', body: query });
    times.push(performance.now() - at);
    await delay(100);
  }
  return Float64Array.from(times).sort();
}
