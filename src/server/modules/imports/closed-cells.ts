import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { Catalog, FieldValue } from '../../../domain/schema/types.ts';
import { fieldOf } from '../../records/catalog/lookup.ts';
import type { CellProblem, Route } from './row-values.ts';
import type { Settings } from './run-store.ts';

/** Stands in previews for the value of an encrypted field. */
const CLOSED = '••••';

/** Columns of a file that go into encrypted fields: their cells are not kept beside the records, neither in previews nor with rows that were refused. */
export function closedColumns(routes: readonly Pick<Route, 'column' | 'field'>[]): ReadonlySet<number> {
  return new Set(routes.filter(({ field }) => mayBeSealed(field)).map(({ column }) => column));
}

const isClosed = (catalog: Catalog, objectName: string | null, name: string | null): boolean => {
  const object = catalog.objects.find((one) => one.name === objectName);
  const field = object && name !== null ? fieldOf(object, name) : undefined;
  return field !== undefined && mayBeSealed(field);
};

/** The problem without the value that it is about. */
export function closedProblem(catalog: Catalog, problem: CellProblem): CellProblem {
  if (!isClosed(catalog, problem.object, problem.field)) return problem;
  const params = Object.fromEntries(Object.keys(problem.issue.params ?? {}).map((name) => [name, CLOSED]));
  return { ...problem, text: problem.text === '' ? '' : CLOSED, issue: { ...problem.issue, params } };
}

/** Settings without what the file has in columns that go into encrypted fields. */
export function closedSettings(catalog: Catalog, settings: Settings): Settings {
  const columns = settings.columns.map((column) => {
    const [object = null, field = null] = column.target?.split('.') ?? [];
    return isClosed(catalog, object, field) ? { ...column, samples: [] } : column;
  });
  return { ...settings, columns };
}

/** Values of a sample as a preview may keep them. */
export function closedValues(
  catalog: Catalog,
  object: string,
  values: Record<string, FieldValue>,
): Record<string, FieldValue> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      value !== null && isClosed(catalog, object, name) ? CLOSED : value,
    ]),
  );
}

/** What is said beside a refused row, so that whoever corrects it looks into his own file. */
export const LEFT_OUT = {
  zh: '加密字段的列没有保留，请从原文件补上',
  en: 'Columns of encrypted fields are not kept: take them from your own file',
} as const;
