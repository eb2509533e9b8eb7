import type { FieldDef, ObjectDef } from '../schema/types.ts';

/**
 * What becomes of a field when its record is anonymised: statistics by region, industry, size and month stay, what points to a person goes.
 * city: a division down to the city; month: the first of the month; round: two significant digits; alias: a name that says nothing.
 */
export type Generalised = 'keep' | 'city' | 'month' | 'round' | 'alias' | 'drop';

export function generalise(object: Pick<ObjectDef, 'title'>, field: FieldDef): Generalised {
  if (field.name === object.title) return field.type === 'text' || field.type === 'longtext' ? 'alias' : 'drop';
  const marked = field.sensitivity === 'personal' || field.sensitivity === 'sensitive';
  switch (field.type) {
    case 'money':
    case 'number':
      // Amounts are marked so that colleagues don't see them; rounded and without a name they are a statistic.
      return marked ? 'round' : 'keep';
    case 'tree':
      return marked ? 'drop' : field.tree === 'division' ? 'city' : 'keep';
    case 'date':
    case 'datetime':
      return marked ? 'drop' : 'month';
    case 'select':
    case 'multiselect':
    case 'boolean':
    case 'rating':
    case 'percent':
    case 'relation':
    case 'user':
    case 'department':
      return marked ? 'drop' : 'keep';
    default:
      return 'drop';
  }
}
