import { describe, expect, it } from 'vitest';
import type { Catalog, FieldDef } from '../../../domain/schema/types.ts';
import {
  type ColumnMapping,
  type ImportSettings,
  mappingProblems,
  matchCandidates,
  targetGroups,
  withoutDeadKeys,
  withTarget,
} from './mapping.ts';

const field = (object: string, name: string, more: Partial<FieldDef> = {}): FieldDef => ({
  id: 1,
  object,
  name,
  label: { zh: name, en: name },
  type: 'text',
  position: 1,
  ...more,
});

const catalog: Catalog = {
  version: 1,
  objects: [
    {
      id: 1,
      name: 'customer',
      label: { zh: '客户', en: 'Customer' },
      plural: { zh: '客户', en: 'Customers' },
      title: 'name',
      position: 1,
      fields: [
        field('customer', 'name', { required: true, match: 'company', position: 2 }),
        field('customer', 'code', { type: 'autonumber', readonly: true, unique: true, position: 1 }),
        field('customer', 'score', { readonly: true }),
        field('customer', 'old', { retired: true }),
      ],
    },
    {
      id: 2,
      name: 'contact',
      label: { zh: '联系人', en: 'Contact' },
      plural: { zh: '联系人', en: 'Contacts' },
      title: 'name',
      parent: 'customer',
      position: 2,
      fields: [
        field('contact', 'customer', { type: 'relation', target: 'customer', required: true }),
        field('contact', 'name', { required: true }),
        field('contact', 'phone', { match: 'phone' }),
      ],
    },
    {
      id: 3,
      name: 'product',
      label: { zh: '产品', en: 'Product' },
      plural: { zh: '产品', en: 'Products' },
      title: 'name',
      position: 3,
      fields: [field('product', 'name')],
    },
  ],
};

const column = (index: number, target: string | null): ColumnMapping => ({
  column: index,
  header: `列${index}`,
  target,
  why: 'alias',
  confidence: 0.9,
  samples: [],
});

const groups = targetGroups(catalog, 'customer');

describe('targetGroups', () => {
  it('offers the object and what belongs to it, without what only the engine fills', () => {
    expect(groups.map((group) => [group.object, group.fields.map((one) => one.target)])).toEqual([
      ['customer', ['customer.code', 'customer.name']],
      ['contact', ['contact.name', 'contact.phone']],
    ]);
  });
});

describe('mappingProblems', () => {
  it('names the column that fills a field already', () => {
    expect(mappingProblems([column(0, 'customer.name'), column(2, 'customer.name')], groups)).toEqual([
      { code: 'taken', column: 2, by: 0 },
    ]);
  });
  it('asks for required fields of the objects that are used, not of others', () => {
    expect(mappingProblems([column(0, 'customer.code')], groups)).toMatchObject([
      { code: 'required', target: 'customer.name' },
    ]);
    expect(mappingProblems([column(0, 'customer.name'), column(1, 'contact.phone')], groups)).toMatchObject([
      { code: 'required', target: 'contact.name' },
    ]);
  });
  it('says when nothing would be imported', () => {
    expect(mappingProblems([column(0, null)], groups)).toEqual([{ code: 'nothing' }]);
  });
});

describe('withTarget', () => {
  it('changes one column and marks it as chosen by a person', () => {
    const changed = withTarget([column(0, 'customer.name'), column(1, null)], 1, 'contact.name');
    expect(changed.map((one) => [one.target, one.why])).toEqual([
      ['customer.name', 'alias'],
      ['contact.name', 'person'],
    ]);
  });
});

describe('match keys', () => {
  const settings: ImportSettings = {
    object: 'customer',
    columns: [column(0, 'customer.name'), column(1, 'contact.phone')],
    matchKeys: { customer: ['name', 'code'], contact: ['phone'] },
    onMatch: 'update',
  };
  it('are offered only where a column fills them', () => {
    expect(matchCandidates(catalog, settings).map((one) => [one.object.name, one.fields.map((f) => f.name)])).toEqual([
      ['customer', ['name']],
      ['contact', ['phone']],
    ]);
  });
  it('go when their column goes', () => {
    expect(withoutDeadKeys(settings).matchKeys).toEqual({ customer: ['name'], contact: ['phone'] });
  });
});
