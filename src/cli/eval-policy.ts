import { createInterface } from 'node:readline';
import { createPlanner, DAY_MS, type Planner } from '../domain/freshness/index.ts';

/**
 * The freshness planner as a child process on JSON lines, for replays of change histories (`npm run eval:policy`). In: `init` once, then per
 * week `tick` (cells added and removed, k to pick, cells to state probabilities for) and `results` (what the verifications found), and `end`. Out:
 * one line per tick, `{"verify": [...], "p": [...]}`.
 */
type Message =
  | { type: 'init'; unit: 'cell' | 'entity'; weights?: Record<string, number> }
  | {
      type: 'tick';
      day: number;
      k: number;
      add: [number, string, string, string][];
      remove: number[];
      audit?: number[];
    }
  | { type: 'results'; results: [number, 0 | 1, unknown][] }
  | { type: 'end' };

let planner: Planner = createPlanner();
let unit: 'cell' | 'entity' = 'cell';
let now = 0;
const named = new Map<number, { cell: number; entity: string; field: string; segment: string }>();

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === '') continue;
  const message = JSON.parse(line) as Message;
  if (message.type === 'init') {
    const weights = message.weights ?? {};
    planner = createPlanner({ weight: (field) => weights[field] ?? 1 });
    unit = message.unit;
  } else if (message.type === 'tick') {
    now = message.day * DAY_MS;
    process.stdout.write(`${JSON.stringify(tick(message))}\n`);
  } else if (message.type === 'results') {
    for (const [id, changed] of message.results) report(id, changed ? 'changed' : 'right');
  } else break;
}

function tick(message: Extract<Message, { type: 'tick' }>): { verify: (number | string)[]; p: number[] } {
  for (const [cell, entity, field, segment] of message.add) {
    named.set(cell, { cell, entity, field, segment });
    report(cell, 'new');
  }
  for (const id of message.remove) {
    report(id, 'gone');
    named.delete(id);
  }
  const verify =
    unit === 'entity'
      ? planner.planRecords(now, message.k).map((record) => record.entity)
      : planner.plan(now, message.k).map((one) => Number(one.cell));
  return { verify, p: (message.audit ?? []).map((id) => planner.predict(id, now)) };
}

function report(id: number, outcome: 'new' | 'right' | 'changed' | 'gone'): void {
  const cell = named.get(id);
  if (cell) planner.observe({ ...cell, at: now, outcome });
}
