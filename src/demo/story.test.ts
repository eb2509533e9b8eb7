import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseField } from '../domain/fields/parse-field.ts';
import type { FieldDef } from '../domain/schema/types.ts';
import { tellStory } from './index.ts';

const template: { objects: { name: string; fields: FieldDef[] }[] } = JSON.parse(
  readFileSync(new URL('../../templates/crm.json', import.meta.url), 'utf8'),
);
const now = Date.UTC(2026, 10, 20, 6);
const DAY = 86_400_000;

function story() {
  let serial = 0;
  return tellStory(
    Array.from({ length: 60 }, (_, i) => ({
      id: `c${i}`,
      owner: i % 2 ? '王芳' : '李强',
      since: now - (540 - i) * DAY,
    })),
    {
      ...{ seed: 1, now },
      id: () => `n${serial++}`,
      person: (row) => ({
        name: '张伟',
        title: '采购经理',
        mobile: `139${String(row).padStart(8, '0')}`,
        company: `甲${row}有限公司`,
      }),
    },
  );
}

it('is told in order, the same each time, and never of the future', () => {
  const told = story();
  expect(told).toEqual(story());
  expect(told.every(({ at }, i) => at <= now && at >= (told[i - 1]?.at ?? 0))).toBe(true);
  for (const object of [
    'opportunity',
    'contract',
    'payment',
    'delivery',
    'ticket',
    'asset',
    'maintenance',
    'lead',
    'quote',
  ])
    expect(
      told.filter(({ change }) => change.object === object && change.op === 'create').length,
      object,
    ).toBeGreaterThan(3);
});

it('changes only what it made, and says nothing that the template cannot read', () => {
  const made = new Set<string>();
  const env = { now: new Date(now), timeZone: 'Asia/Shanghai', trees: {} };
  const wrong: string[] = [];
  for (const { change } of story()) {
    if (change.op === 'create') made.add(change.id ?? '');
    else expect(made).toContain(change.id);
    const fields = template.objects.find(({ name }) => name === change.object)?.fields ?? [];
    for (const [name, value] of Object.entries(change.set ?? {})) {
      const field = fields.find((one) => one.name === name);
      if (!field) wrong.push(`${change.object}.${name}`);
      else if (field.type === 'relation' || field.type === 'user') continue;
      else if (!parseField(value, field, env).ok) wrong.push(`${change.object}.${name}: ${String(value)}`);
    }
  }
  expect(wrong).toEqual([]);
});
