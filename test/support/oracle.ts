import type { FieldDef, ObjectDef } from '../../src/domain/schema/types.ts';
import type { Kind, Made, Person, Preset, PresetObject } from './authorisation.ts';

/** What the presets say, read a second time and apart from the product's own code. */

const ORDER = ['hidden', 'masked', 'ranged', 'read', 'edit'];
export const isClear = (mode: string): boolean => mode === 'read' || mode === 'edit';

function said(preset: Preset, object: string): PresetObject | undefined {
  const found = preset.objects[object] ?? preset.objects['*'];
  return found?.actions.includes('read') ? found : undefined;
}

const HOLDS: Record<string, Kind[]> = {
  all: ['own', 'kin', 'mate', 'other', 'shared'],
  own: ['own'],
  department: ['own', 'mate'],
};

function reaches(preset: Preset, person: Person, made: Pick<Made, 'object' | 'kind' | 'of'>): boolean {
  if (preset.admin) return true;
  const owned = (rules: { rule: string }[], kind: Kind): boolean =>
    rules.some(({ rule }) => {
      // Nobody but the manager has a department.
      const name = rule === 'department' && !person.name.includes('manager') ? 'own' : rule;
      return HOLDS[name]?.includes(kind) ?? false;
    });
  const own = said(preset, made.object.name);
  if (!own) return false;
  const kind = made.object.owner ? made.kind : null;
  if (kind ? owned(own.rows, kind) : own.rows.some(({ rule }) => rule === 'all')) return true;
  const parent = said(preset, 'customer');
  return (
    own.rows.some(({ rule }) => rule === 'parent') &&
    made.of !== null &&
    parent !== undefined &&
    owned(parent.rows, made.of)
  );
}

let objects: readonly ObjectDef[] = [];
/** What roll-ups look at is looked up here. */
export const knowObjects = (all: readonly ObjectDef[]): void => {
  objects = all;
};

function modeSaid(preset: Preset, object: string, field: FieldDef): string {
  if (preset.admin) return 'edit';
  if (!field.rollup) return modeOwn(preset, object, field);
  // As much as its own word gives, and as the records give that it looks at; nobody edits it.
  const { rollup } = field;
  const conditions = [...JSON.stringify(rollup.filter ?? {}).matchAll(/"field":"([a-z_]+)"/g)].map(([, name]) => name);
  const read = [rollup.via, rollup.field, rollup.by, ...conditions];
  const source = objects.find(({ name }) => name === rollup.of);
  const modes = (source?.fields ?? [])
    .filter(({ name }) => read.includes(name))
    .map((one) => modeSaid(preset, rollup.of, one));
  return worst([modeOwn(preset, object, field), 'read', ...modes]);
}

const worst = (modes: string[]): string => ORDER[Math.min(...modes.map((mode) => ORDER.indexOf(mode)))] ?? 'hidden';

function modeOwn(preset: Preset, object: string, field: FieldDef): string {
  const own = said(preset, object);
  if (!own) return 'hidden';
  const mode =
    own.fields[field.name] ?? own.fields[`@${field.sensitivity ?? 'internal'}`] ?? own.fields['*'] ?? 'hidden';
  const writes = own.actions.includes('create') || own.actions.includes('update');
  return mode === 'edit' && !writes ? 'read' : mode;
}

const best = (modes: string[]): string => ORDER[Math.max(0, ...modes.map((mode) => ORDER.indexOf(mode)))] ?? 'hidden';

/** How a person sees a field of a record; null: he doesn't see the record. */
export function modeOf(person: Person, made: Made, field: FieldDef): string | null {
  const leading = person.roles.filter((preset) => reaches(preset, person, made));
  const modes = leading.map((preset) => modeSaid(preset, made.object.name, field));
  // Shared by a salesperson, to read.
  const willing = person.roles.filter((preset) =>
    said(preset, made.object.name)?.rows.some(({ rule }) => rule === 'shared'),
  );
  if (made.kind === 'shared' && willing.length > 0)
    modes.push(
      best(
        ['hidden', ...willing.map((preset) => modeSaid(preset, made.object.name, field))].map((m) =>
          m === 'edit' ? 'read' : m,
        ),
      ),
    );
  return modes.length > 0 ? best(modes) : null;
}

export function mayDo(person: Person, made: Made, action: string): boolean {
  return person.roles.some(
    (preset) =>
      preset.admin || (reaches(preset, person, made) && said(preset, made.object.name)?.actions.includes(action)),
  );
}

/** Some row of the object can be seen by his roles at all. */
export const opens = (person: Person, object: ObjectDef): boolean =>
  person.roles.some((preset) => preset.admin || said(preset, object.name) !== undefined);

export const hasAct = (person: Person, act: string): boolean =>
  person.roles.some((preset) => preset.admin || preset.acts.includes(act));
