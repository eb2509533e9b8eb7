import { describe, expect, it } from 'vitest';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import { actionOf, newDraft, replaceable, settable, verifiable } from './mass-draft.ts';

const field = (name: string, more: Partial<FieldDef> = {}): FieldDef => ({
  id: 1,
  object: 'customer',
  name,
  label: { zh: name, en: name },
  type: 'text',
  position: 1,
  ...more,
});
const object = {
  name: 'customer',
  owner: 'owner',
  fields: [
    field('name', { tracked: true }),
    field('number', { type: 'autonumber', unique: true, readonly: true }),
    field('code', { unique: true }),
    field('level', { type: 'select', options: [] }),
    field('old', { retired: true }),
    field('owner', { type: 'user' }),
  ],
} as unknown as ObjectDef;

describe('a draft of a mass operation', () => {
  it('offers only fields that can have it', () => {
    expect(settable(object).map(({ name }) => name)).toEqual(['name', 'level', 'owner']);
    expect(replaceable(object).map(({ name }) => name)).toEqual(['name']);
    expect(verifiable(object).map(({ name }) => name)).toEqual(['name']);
  });

  it('asks for nothing before it is complete', () => {
    expect(actionOf(newDraft('set'), object)).toBeNull();
    expect(actionOf({ ...newDraft('set'), field: 'level' }, object)).toBeNull();
    expect(actionOf({ ...newDraft('replace'), field: 'name' }, object)).toBeNull();
    expect(actionOf(newDraft('verify'), object)).toBeNull();
  });

  it('says what is wanted', () => {
    expect(actionOf({ ...newDraft('set'), field: 'level', value: 'a' }, object)).toEqual({
      kind: 'set',
      field: 'level',
      value: 'a',
    });
    expect(actionOf({ ...newDraft('set'), field: 'level', how: 'clear', value: 'a' }, object)).toEqual({
      kind: 'set',
      field: 'level',
      value: null,
    });
    expect(actionOf({ ...newDraft('set'), field: 'tags', how: 'append', value: ['x'] }, object)).toEqual({
      kind: 'append',
      field: 'tags',
      value: ['x'],
    });
    expect(actionOf(newDraft('assign'), object)).toEqual({ kind: 'set', field: 'owner', value: null });
    expect(actionOf({ ...newDraft('standardise'), simplify: true }, object)).toEqual({
      kind: 'standardise',
      simplify: true,
    });
  });
});
