import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const FIGURES = [
  'import',
  'list',
  'access',
  'search',
  'page',
  'edit',
  'first',
  'due',
  'policy',
  'asof',
  'undo',
  'mass',
  'memory',
  'start',
  'fresh',
] as const;
export type FigureName = (typeof FIGURES)[number];

/** What `npm run bench` was asked for. */
export interface Options {
  /** Rows of each imported file; there are two, so reads run over twice as many customers. */
  rows: number;
  seed: number;
  only: Set<FigureName>;
  /** Where fixtures and data directories go. */
  work: string;
  /** Leaves the data directory for looking into. */
  keep: boolean;
  /** An existing data directory of an earlier `--keep` run: no import, reads only. */
  dataDir: string | undefined;
  /** Folder for CPU profiles of the product, written when it stops. */
  profile: string | undefined;
  /** Rounds of each comparison. */
  rounds: number;
}

export const USAGE = `npm run bench -- [options]
  --rows N      rows of each imported file: 500000 (default), 1000000, 5000000; reads run over 2 N customers
  --only a,b    ${FIGURES.join(', ')}  (import always runs unless --data is given; fresh only when named)
  --seed N      seed of the generated customers (1)
  --rounds N    rounds of each comparison (7)
  --work DIR    where fixtures and databases go (${tmpdir()}/xianke-bench)
  --keep        keep the data directory
  --profile DIR CPU profiles of the product (its times are not to be believed then)
  --data DIR    use the data directory that an earlier run with --keep left
npm run bench -- anomalies | audit | forms | freshness | mass | matching | reports | rotation | rules | tabular | tagger [arguments]: the benches of single parts`;

export function readOptions(args: readonly string[]): Options {
  const given = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const name = args[i] ?? '';
    if (name === '--keep') given.set(name, 'yes');
    else if (name.startsWith('--') && args[i + 1] !== undefined) given.set(name, args[++i] ?? '');
    else throw new Error(`${name}?\n${USAGE}`);
  }
  const number = (name: string, standard: number) => {
    const value = Number(given.get(name) ?? standard);
    if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${name} ${given.get(name)}?\n${USAGE}`);
    return value;
  };
  const usual = FIGURES.filter((name) => name !== 'fresh');
  const only = given.get('--only')?.split(',') ?? usual;
  const unknown = only.filter((name) => !FIGURES.includes(name as FigureName));
  if (unknown.length > 0) throw new Error(`--only ${unknown.join()}?\n${USAGE}`);
  return {
    rows: number('--rows', 500_000),
    seed: number('--seed', 1),
    only: new Set(only as FigureName[]),
    work: given.get('--work') ?? join(tmpdir(), 'xianke-bench'),
    keep: given.has('--keep'),
    dataDir: given.get('--data'),
    profile: given.get('--profile'),
    rounds: number('--rounds', 7),
  };
}
