import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDemo, DEMO_COLUMNS, type Demo, type DemoCell } from '../../src/demo/index.ts';
import { writeCsv } from '../../src/server/platform/tabular/write-csv.ts';
import { TEAM } from './product.ts';
import { writeSharedXlsx } from './shared-xlsx.ts';

/** The demo's present: one day for all runs, so that a seed means the same file for ever. */
export const PRESENT = Date.UTC(2026, 10, 20);

export interface Fixture {
  path: string;
  name: string;
  rows: number;
  bytes: number;
  /** Number of the first generated row: two files of one run have no customer in common. */
  from: number;
}

export function openDemo(seed: number): Demo {
  const file = new URL('../../templates/reference/gbt2260.json', import.meta.url);
  const { nodes } = JSON.parse(readFileSync(fileURLToPath(file), 'utf8')) as { nodes: string[] };
  return createDemo({ seed, divisions: nodes, owners: TEAM, now: PRESENT });
}

/** The same customers as a file; kept between runs, for the content depends on these arguments only. */
export async function fixture(
  folder: string,
  format: 'xlsx' | 'csv',
  { seed, from, rows }: { seed: number; from: number; rows: number },
): Promise<Fixture> {
  mkdirSync(folder, { recursive: true });
  const name = `customers-v2-${seed}-${from}-${rows}.${format}`;
  const path = join(folder, name);
  if (!existsSync(path)) {
    const draft = `${path}.${process.pid}`;
    const demo = openDemo(seed);
    const out = createWriteStream(draft);
    try {
      if (format === 'xlsx') await writeSharedXlsx(out, DEMO_COLUMNS, () => batches(demo, from, rows));
      else
        await writeCsv(
          out,
          DEMO_COLUMNS.map((column) => column.header),
          batches(demo, from, rows),
        );
      renameSync(draft, path);
    } finally {
      rmSync(draft, { force: true });
    }
  }
  return { path, name, rows, from, bytes: statSync(path).size };
}

export function* batches(demo: Demo, from: number, rows: number): Generator<DemoCell[][]> {
  for (let at = from; at < from + rows; at += 1000)
    yield Array.from({ length: Math.min(1000, from + rows - at) }, (_, i) => demo.row(at + i));
}
