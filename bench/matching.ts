/**
 * Duplicates in a large register: time, memory, precision, recall.
 *   npx tsx bench/matching.ts [rows=200000] [seed=1]
 */
import { dedupeTable } from '../src/domain/matching/dedupe.ts';
import { guessSchema } from '../src/domain/matching/guess.ts';
import { TableBuilder } from '../src/domain/matching/table.ts';
import type { Row } from '../src/domain/matching/types.ts';
import { COLUMNS, madeRegister } from './matching-data.ts';

const rows = Number(process.argv[2] ?? 200_000);
const seed = Number(process.argv[3] ?? 1);
const sample: Row[] = [];
for (const { row } of madeRegister(2000, seed)) sample.push(row);
const schema = guessSchema(COLUMNS, sample);

const entities = new Int32Array(rows);
const codes = new Map<number, string>();
const builder = new TableBuilder(schema);
let generating = 0;
const started = performance.now();
let mark = performance.now();
let n = 0;
for (const { row, entity } of madeRegister(rows, seed)) {
  generating += performance.now() - mark;
  entities[n] = entity;
  const code = row.统一社会信用代码;
  if (code !== undefined && code !== null && code !== '') codes.set(n, code);
  builder.add(row);
  n++;
  mark = performance.now();
}
const table = builder.build();
const steps: string[] = [];
const clock = (): string => ((performance.now() - started - generating) / 1000).toFixed(1);
steps.push(`read ${clock()} s`);
const { clusters } = dedupeTable(table, { onStep: (s) => steps.push(`${s} from ${clock()} s`) });
const seconds = (performance.now() - started - generating) / 1000;

const count = (of: ArrayLike<number>): Map<number, number> => {
  const m = new Map<number, number>();
  for (let i = 0; i < rows; i++) m.set(of[i] ?? 0, (m.get(of[i] ?? 0) ?? 0) + 1);
  return m;
};
const pairs = (m: Map<number, number>): number => {
  let p = 0;
  for (const c of m.values()) p += (c * (c - 1)) / 2;
  return p;
};
const joint = new Map<number, number>();
for (let i = 0; i < rows; i++) {
  const k = (entities[i] ?? 0) * rows + (clusters[i] ?? 0);
  joint.set(k, (joint.get(k) ?? 0) + 1);
}
const found = pairs(count(clusters));
const truth = pairs(count(entities));
const right = pairs(joint);
const held = new Map<number, string>();
let mixed = 0;
for (const [i, code] of codes) {
  const c = clusters[i] ?? 0;
  const other = held.get(c);
  if (other !== undefined && other !== code) mixed++;
  held.set(c, code);
}
console.log(steps.join(' · '));
console.log(
  JSON.stringify({
    rows,
    duplicates: +(1 - count(entities).size / rows).toFixed(3),
    precision: +(right / found).toFixed(4),
    recall: +(right / truth).toFixed(4),
    clustersWithTwoCodes: mixed,
    seconds: +seconds.toFixed(1),
    peakMB: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);
