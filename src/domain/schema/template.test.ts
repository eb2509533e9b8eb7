import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Access, ObjectAccess } from '../access/types.ts';
import { fold } from '../fields/options.ts';
import { parseField } from '../fields/parse-field.ts';
import { FIELD_TYPES } from '../fields/registry.ts';
import type { ParseEnv } from '../fields/types.ts';
import { findSubject } from '../filter/subject.ts';
import type { Filter } from '../filter/types.ts';
import { validateFilter } from '../filter/validate.ts';
import { resultOf, whyNotRollup } from './rollups.ts';
import type { Preset, Template, TemplateField, TemplateObject, TemplateView } from './template.ts';
import { type Catalog, SYSTEM_COLUMNS } from './types.ts';

const folder = new URL('../../../templates/', import.meta.url);
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, folder), 'utf8'));
const crm = read('crm.json') as Template;
const presets = readdirSync(new URL('presets/', folder)).map(
  (file) => [file, read(`presets/${file}`) as Preset] as const,
);

const env: ParseEnv = { now: new Date('2026-11-21T04:00:00Z'), timeZone: 'Asia/Shanghai', trees: {} };
const catalog: Catalog = {
  version: 1,
  objects: crm.objects.map((o, i) => ({
    ...o,
    id: i + 1,
    position: i,
    fields: o.fields.map((f, k) => ({ ...f, id: i * 100 + k, object: o.name, position: k })),
  })),
};
const everything: ObjectAccess = { rows: true, actions: ['read'], fields: { '*': 'edit' } };
const access: Access = { admin: true, objects: Object.fromEntries(crm.objects.map((o) => [o.name, everything])) };
const objectOf = (name: string) => catalog.objects.find((o) => o.name === name);

function filterIssues(object: string, filter: Filter): unknown[] {
  const found = objectOf(object);
  return found ? validateFilter(filter, catalog, found, access, { ...env, me: 'u1' }) : ['no such object'];
}

/** Keys of the declared types; the compiler keeps the lists whole. */
const FIELD_KEYS: Record<keyof TemplateField, true> = {
  name: true,
  label: true,
  type: true,
  required: true,
  unique: true,
  default: true,
  help: true,
  options: true,
  stage: true,
  occasion: true,
  chain: true,
  open: true,
  target: true,
  tree: true,
  min: true,
  max: true,
  maxLength: true,
  scale: true,
  currency: true,
  pattern: true,
  numbering: true,
  aliases: true,
  sensitivity: true,
  search: true,
  tracked: true,
  priority: true,
  decay: true,
  minutes: true,
  match: true,
  survive: true,
  protected: true,
  encrypted: true,
  moving: true,
  readonly: true,
  rollup: true,
  from: true,
  group: true,
};
const OBJECT_KEYS: Record<keyof TemplateObject, true> = {
  name: true,
  label: true,
  plural: true,
  title: true,
  icon: true,
  appendOnly: true,
  parent: true,
  owner: true,
  matchRules: true,
  fields: true,
  views: true,
  indexes: true,
};
const VIEW_KEYS: Record<keyof TemplateView, true> = { name: true, label: true, definition: true, since: true };
const known = (value: object, keys: object): void => expect(Object.keys(value).filter((k) => !(k in keys))).toEqual([]);
const bilingual = (label: { zh: string; en: string }): void =>
  expect([label.zh.trim(), label.en.trim()].every(Boolean)).toBe(true);
const repeated = (list: string[]): string[] => list.filter((item, i) => list.indexOf(item) !== i);

describe.each(crm.objects.map((o) => [o.name, o] as const))('crm: %s', (_, object) => {
  const names = object.fields.map((f) => f.name);

  test('is well declared', () => {
    known(object, OBJECT_KEYS);
    bilingual(object.label);
    expect(repeated(names)).toEqual([]);
    expect(names).toContain(object.title);
    for (const [key, type] of [
      ['owner', 'user'],
      ['parent', 'relation'],
    ] as const) {
      const name = object[key];
      if (name) expect(object.fields.find((f) => f.name === name)?.type).toBe(type);
    }
    expect(
      object.indexes.length + object.fields.filter((f) => f.unique || f.type === 'relation').length,
    ).toBeLessThanOrEqual(8);
    for (const column of object.indexes.flat()) expect([...names, 'created_at', 'updated_at']).toContain(column);
  });

  test('no two fields claim the same header of an import', () => {
    const claims = object.fields.flatMap((f) => [
      ...new Set([...(f.aliases ?? []), f.label.zh.toLowerCase(), f.label.en.toLowerCase()]),
    ]);
    expect(repeated(claims)).toEqual([]);
    for (const alias of object.fields.flatMap((f) => f.aliases ?? [])) expect(alias).toBe(alias.toLowerCase().trim());
  });

  test.each(object.fields.map((f) => [f.name, f] as const))('field %s', (name, field) => {
    known(field, FIELD_KEYS);
    bilingual(field.label);
    expect(name).toMatch(/^[a-z][a-z0-9_]{0,50}$/);
    expect(SYSTEM_COLUMNS).not.toContain(name);
    expect(FIELD_TYPES).toHaveProperty([field.type]);
    if (field.type === 'select' || field.type === 'multiselect') expect(field.options?.length).toBeGreaterThan(0);
    if (field.type === 'relation') expect(objectOf(field.target ?? '')).toBeDefined();
    if (field.type === 'tree') expect(['industry', 'division']).toContain(field.tree);
    if (field.stage) {
      expect(field.type).toBe('select');
      for (const { stage } of field.options ?? []) expect(stage).toBeDefined();
    }
    if (field.rollup) {
      expect(whyNotRollup(catalog.objects, object.name, name, field.rollup)).toBeNull();
      expect(field).toMatchObject(resultOf(field.rollup, catalog.objects));
    }
    if (field.chain) expect(field.type).toBe('multiselect');
    if (field.occasion) expect(field.type).toBe('date');
    if (field.type === 'autonumber') expect(field.numbering).toMatch(/\{serial(:\d+)?\}/);
    if (field.tracked)
      expect([field.priority, field.decay?.source, (field.decay?.rate ?? 0) > 0, (field.minutes ?? 0) > 0]).toEqual([
        expect.any(String),
        expect.any(String),
        true,
        true,
      ]);
    const full = { ...field, id: 1, object: object.name, position: 0 };
    for (const option of field.options ?? []) {
      bilingual(option.label);
      for (const spelling of [option.value, option.label.zh, option.label.en, ...(option.aliases ?? [])])
        if (field.type === 'select')
          expect([spelling, parseField(spelling, full, env)]).toEqual([spelling, { ok: true, value: option.value }]);
    }
    const spellings = (field.options ?? []).flatMap((o) => [
      ...new Set([o.value, o.label.zh, o.label.en, ...(o.aliases ?? [])].map(fold)),
    ]);
    expect(repeated(spellings)).toEqual([]);
    if (field.default !== undefined && !['$me', '$now'].includes(String(field.default)))
      expect(parseField(field.default, full, env)).toMatchObject({ ok: true });
  });

  test.each(object.views.map((v) => [v.name, v] as const))('view %s', (_name, view) => {
    known(view, VIEW_KEYS);
    bilingual(view.label);
    const found = objectOf(object.name);
    const subject = (field: string) => found && findSubject(catalog, found, field);
    for (const { field } of [...view.definition.columns, ...(view.definition.sort ?? [])])
      expect([field, subject(field)]).toEqual([field, expect.anything()]);
    if (view.definition.groupBy) expect(names).toContain(view.definition.groupBy);
    const { board } = view.definition;
    if (board) {
      expect(object.fields.find((f) => f.name === board.by)?.type).toBe('select');
      if (board.sum) expect(object.fields.find((f) => f.name === board.sum)?.type).toBe('money');
    }
    if (view.definition.filter) expect(filterIssues(object.name, view.definition.filter)).toEqual([]);
  });

  test('views have names of their own', () => {
    expect(object.views.length).toBeGreaterThan(0);
    expect(repeated(object.views.map((v) => v.name))).toEqual([]);
  });
});

test('the four dimensions of the customer template are there', () => {
  const groups = new Set(objectOf('customer')?.fields.map((f) => f.group));
  for (const group of ['基本信息', '互动行为', '业务关联', '标签分类']) expect(groups).toContain(group);
});

describe.each(presets)('preset %s', (file, preset) => {
  test('names fields that are tracked, once per segment, with filters that run', () => {
    expect(file).toBe(`${preset.id}.json`);
    bilingual(preset.label);
    bilingual(preset.description);
    expect(preset.policies.length).toBeGreaterThan(0);
    expect(repeated(preset.policies.map((p) => JSON.stringify([p.object, p.field, p.segment?.filter])))).toEqual([]);
    for (const policy of preset.policies) {
      const field = objectOf(policy.object)?.fields.find((f) => f.name === policy.field);
      expect([policy.object, policy.field, field?.tracked]).toEqual([policy.object, policy.field, true]);
      expect(['high', 'middle', 'low']).toContain(policy.priority);
      expect(policy.threshold > 0.05 && policy.threshold < 0.99).toBe(true);
      if (policy.everyDays !== undefined) expect(policy.everyDays).toBeGreaterThanOrEqual(1);
      if (policy.segment) {
        bilingual(policy.segment.name);
        expect(filterIssues(policy.object, policy.segment.filter)).toEqual([]);
      }
    }
  });
});

test('names fields of children that a new record takes values from', () => {
  for (const object of crm.objects)
    for (const field of object.fields) {
      if (field.from === undefined) continue;
      const [child, source] = field.from.split('.');
      const found = objectOf(child ?? '');
      expect(found?.fields.find((one) => one.name === found.parent)?.target, field.from).toBe(object.name);
      expect(found?.fields.find((one) => one.name === source)?.type, field.from).toBe(field.type);
    }
});
