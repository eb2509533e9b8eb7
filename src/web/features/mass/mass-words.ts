import type { ObjectDef } from '../../../domain/schema/types.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import type { MassRun } from './mass-api.ts';
import { useMassText } from './texts.ts';

/** What an operation does, in words: 修改“等级”. */
export function useMassWords(): (run: MassRun) => string {
  const t = useMassText();
  const label = useLabel();
  const { objects } = useCatalog();
  return ({ action, object }) => {
    if ('field' in action) return t(`what-${action.kind}`, { field: fieldLabel(objects, object, action.field, label) });
    return t(`what-${action.kind}`);
  };
}

export function fieldLabel(
  objects: ObjectDef[],
  object: string,
  name: string,
  label: ReturnType<typeof useLabel>,
): string {
  const field = objects.find((one) => one.name === object)?.fields.find((one) => one.name === name);
  return label(field?.label) || name;
}
