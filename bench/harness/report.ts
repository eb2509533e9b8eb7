import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Figure, meets, round } from './figure.ts';
import type { Machine } from './machine.ts';
import type { Options } from './options.ts';

const path = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** Names that the README and others rely on, and the figure each is taken from. */
const PROMISED: Record<string, (figures: Map<string, Figure>) => number | null | undefined> = {
  'import.xlsx.ratio': (all) => all.get('import.xlsx')?.ratio,
  'import.csv.ratio': (all) => all.get('import.csv')?.ratio,
  'import.rss.mb': (all) => all.get('import.rss.mb')?.value,
  'list.p95.ratio': (all) => all.get('list.p95')?.ratio,
  'edit.16.ratio': (all) => all.get('edit.16')?.ratio,
  'list.p95.ms': (all) => all.get('list.p95')?.value,
  'search.p95.ms': (all) => all.get('search.p95')?.value,
  'edit.16.rps': (all) => all.get('edit.16')?.value,
  'undo.import.s': (all) => all.get('undo.import')?.value,
  'asof.p95.ms': (all) => all.get('asof.p95')?.value,
  'due.p95.ms': (all) => all.get('due.p95')?.value,
  'page.inp.ms': (all) => all.get('page.inp')?.value,
  'page.blank.ms': (all) => all.get('page.blank')?.value,
  'start.s': (all) => all.get('start')?.value,
};

/** Prints the table; after a full run also writes results.json and RESULTS.md. */
export function report(figures: readonly Figure[], machine: Machine, options: Options, full: boolean): void {
  const table = markdown(figures);
  console.log(`\n${head(machine, options)}\n\n${table}`);
  if (!full) return;
  const all = new Map(figures.map((figure) => [figure.name, figure]));
  const promised = Object.fromEntries(
    Object.entries(PROMISED).map(([name, find]) => {
      const value = find(all);
      return [name, value === null || value === undefined ? null : round(value)];
    }),
  );
  const results = {
    ...promised,
    rows: { imported: options.rows, listed: 2 * options.rows },
    seed: options.seed,
    machine,
    figures,
  };
  const rounded = JSON.stringify(
    results,
    (_, value) => (typeof value === 'number' && !Number.isInteger(value) ? round(value) : value),
    2,
  );
  writeFileSync(path('results.json'), `${rounded}\n`);
  writeFileSync(path('RESULTS.md'), `${head(machine, options)}\n\n${table}\n`);
}

function head(machine: Machine, options: Options): string {
  return (
    `Measured ${machine.date.slice(0, 10)} by \`npm run bench -- --rows ${options.rows}\` (seed ${options.seed}) on ${machine.cores} cores (${machine.cpu}), ` +
    `${machine.memoryGb} GB, Node ${machine.node}, PostgreSQL ${machine.postgres}, load average ${machine.load.join(' → ')}.`
  );
}

function markdown(figures: readonly Figure[]): string {
  const lines = figures.map((figure) => {
    const { floor, ratio, bar } = figure;
    const met = meets(figure);
    return [
      figure.title,
      figure.value === null ? '–' : `${show(figure.value)} ${figure.unit}`,
      floor ? `${show(floor.value)} ${floor.unit} (${floor.what})` : '',
      ratio === undefined ? '' : `${show(ratio)} ×`,
      bar
        ? `${bar.most === undefined ? `≥ ${bar.least}` : `≤ ${bar.most}`} ${bar.of === 'ratio' ? '×' : figure.unit}`
        : '',
      met === null ? '' : met ? 'yes' : '**no**',
      figure.note ?? '',
    ].join(' | ');
  });
  return [
    '| what | measured | floor | ratio | bar | met | notes |',
    '|---|---|---|---|---|---|---|',
    ...lines.map((line) => `| ${line} |`),
  ].join('\n');
}

const show = (value: number): string => round(value).toLocaleString('en', { maximumFractionDigits: 3 });
