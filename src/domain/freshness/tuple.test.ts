import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVIDENCE, isSignal } from './cell.ts';
import { memoryless } from './hazard.ts';
import { cellState, compilePlan } from './plan.ts';
import { afterSignal, type CellTuple, settledAt } from './tuple.ts';

const DAY = 86_400;
const signals = EVIDENCE.filter(isSignal);
const kind = (name: string) =>
  signals.find((row) => row.kind === name) ?? signals[0] ?? { kind: '', label: { zh: '', en: '' } };

describe('afterSignal', () => {
  it('never moves who settled the value and when, whatever signals come in whatever order', () => {
    const step = fc.record({ i: fc.nat(signals.length - 1), at: fc.integer({ min: 0, max: 400 * DAY }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const start: CellTuple = [0.99, 100 * DAY, 'phone', 'user:1', 50 * DAY];
        let cell = start;
        for (const { i, at } of steps) cell = afterSignal(cell, cell[0], signals[i] ?? kind(''), at, 0) ?? cell;
        expect(settledAt(cell)).toBe(100 * DAY);
        expect(cell.slice(2, 5)).toEqual(start.slice(2, 5));
        expect(cell[0]).toBeGreaterThanOrEqual(0);
        expect(cell[0]).toBeLessThanOrEqual(1);
        expect(cell[1]).toBeGreaterThanOrEqual(100 * DAY);
      }),
    );
  });

  it('by the table: a connected call lifts 0.6 to 0.96, a dead number sinks 0.9 to 0.107, an event halves', () => {
    // Bayes by hand: .6·.5/(.6·.5+.4·.03) = .96154; .9·.004/(.9·.004+.1·.3) = .10714.
    expect(afterSignal(undefined, 0.6, kind('call-connected'), DAY, 0)?.[0]).toBe(0.96154);
    expect(afterSignal(undefined, 0.9, kind('call-dead'), DAY, 0)?.[0]).toBe(0.10714);
    expect(afterSignal(undefined, 0.9, kind('contract-signed'), DAY, 0)?.[0]).toBe(0.45);
  });

  it('leaves a fixed interval running, and ends it when it makes the value doubtful', () => {
    const plan = compilePlan(1, [
      {
        id: 0,
        fields: [{ fieldId: 7, weight: 1, hazard: memoryless(0.25), threshold: 0.8, intervalDays: 30, minutes: 1 }],
      },
    ]);
    const due = (cell: CellTuple) =>
      cellState(plan, { baseAt: 0, baseConfidence: 0.9, cells: { 7: cell } }, 7, 0)?.dueAt ?? null;
    const cell: CellTuple = [0.99, 0, 'phone', 'user:1', null];
    const up = afterSignal(cell, 0.97, kind('call-connected'), 20 * DAY, 0) ?? cell;
    expect(due(up)).toBe(30 * DAY * 1000);
    const down = afterSignal(cell, 0.97, kind('call-dead'), 20 * DAY, 0) ?? cell;
    expect(due(down)).toBe(20 * DAY * 1000);
  });
});
