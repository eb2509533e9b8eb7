import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseField } from '../domain/fields/parse-field.ts';
import { makeTree, type TreeFile } from '../domain/fields/tree.ts';
import type { FieldDef } from '../domain/schema/types.ts';
import { createDemo, DEMO_COLUMNS } from './index.ts';

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../templates/${name}`, import.meta.url), 'utf8'));
const division: TreeFile = read('reference/gbt2260.json');
const template: { objects: { name: string; fields: FieldDef[] }[] } = read('crm.json');
const now = Date.UTC(2026, 10, 20);
const demoOf = (seed: number) => createDemo({ seed, divisions: division.nodes, owners: ['王芳', '李强'], now });
const column = (field: string) => DEMO_COLUMNS.findIndex((c) => c.field === field);

describe('demo customers', () => {
  it('are the same for the same seed and row, whatever was asked before, and others for another seed', () => {
    const rows = fc.integer({ min: 0, max: 2 ** 26 - 1 });
    fc.assert(
      fc.property(fc.integer(), rows, rows, (seed, row, other) => {
        const demo = demoOf(seed);
        demo.row(other);
        expect(demo.row(row)).toEqual(demoOf(seed).row(row));
      }),
      { numRuns: 10 },
    );
    expect(demoOf(1).row(7)).not.toEqual(demoOf(2).row(7));
  });

  it('have names, credit codes and mobiles of their own', () => {
    const demo = demoOf(1);
    const rows = Array.from({ length: 40_000 }, (_, i) => demo.row(i));
    for (const field of ['name', 'uscc', 'mobile']) {
      const filled = rows.map((row) => row[column(field)]).filter((cell) => cell !== '');
      expect(filled.length).toBeGreaterThan(30_000);
      expect(new Set(filled).size).toBe(filled.length);
    }
  });

  it('hold only what the template can read, without a warning', () => {
    const fields = new Map(template.objects.find((o) => o.name === 'customer')?.fields.map((f) => [f.name, f]));
    const trees = { division: makeTree(division), industry: makeTree(read('reference/gbt4754.json')) };
    const env = { now: new Date(now), timeZone: 'Asia/Shanghai', trees };
    const demo = demoOf(1);
    const wrong = Array.from({ length: 1000 }, (_, i) => demo.row(i * 17)).flatMap((row) =>
      DEMO_COLUMNS.flatMap(({ field }, i) => {
        const definition = fields.get(field);
        if (!definition) return [`no field ${field}`];
        if (definition.type === 'user') return [];
        const outcome = parseField(row[i], definition, env);
        return outcome.ok && !outcome.warnings?.length ? [] : [`${field}: ${row[i]} ${JSON.stringify(outcome)}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('refuses rows beyond its space', () => {
    expect(() => demoOf(1).row(2 ** 26)).toThrow(RangeError);
    expect(() => demoOf(1).row(-1)).toThrow(RangeError);
  });
});
