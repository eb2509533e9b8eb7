import {
  EyeInvisibleOutlined,
  FilterOutlined,
  GroupOutlined,
  PushpinOutlined,
  SortAscendingOutlined,
  SortDescendingOutlined,
  StopOutlined,
} from '@ant-design/icons';
import type { Sort } from '../../../domain/filter/types.ts';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import { FloatingMenu, type MenuItem } from '../../ui/floating.tsx';
import type { ViewColumn } from './columns.ts';
import { useRecordsText } from './texts.ts';

/** Fields whose values make sensible groups: few and repeating. */
export const canGroup = (field: FieldDef): boolean =>
  ['select', 'user', 'tree', 'boolean', 'relation', 'rating', 'department'].includes(field.type);

export function ColumnMenu({
  object,
  at,
  column,
  columns,
  sort,
  groupBy,
  onColumns,
  onSort,
  onGroup,
  onFilterField,
  onClose,
}: {
  object: ObjectDef;
  at: DOMRect;
  column: string;
  columns: ViewColumn[];
  sort: Sort[];
  groupBy: string | undefined;
  onColumns(next: ViewColumn[]): void;
  onSort(next: Sort[]): void;
  onGroup(field: string | undefined): void;
  onFilterField(field: FieldDef): void;
  onClose(): void;
}) {
  const t = useRecordsText();
  const field = object.fields.find((one) => one.name === column);
  if (!field) return null;
  const sorted = sort.find((one) => one.field === column)?.dir;
  const index = columns.findIndex((one) => one.field === column);
  const pinned = columns[index]?.pinned === true;
  const items: MenuItem[] = [];
  // Ciphertext has no order.
  const sortable = !mayBeSealed(field);
  if (sortable && sorted !== 'asc')
    items.push({
      key: 'asc',
      label: t('sort-asc'),
      icon: <SortAscendingOutlined />,
      onPick: () => onSort([{ field: column, dir: 'asc' }]),
    });
  if (sortable && sorted !== 'desc')
    items.push({
      key: 'desc',
      label: t('sort-desc'),
      icon: <SortDescendingOutlined />,
      onPick: () => onSort([{ field: column, dir: 'desc' }]),
    });
  if (sorted) items.push({ key: 'unsort', label: t('sort-none'), icon: <StopOutlined />, onPick: () => onSort([]) });
  items.push({
    key: 'filter',
    label: t('filter-by'),
    icon: <FilterOutlined />,
    apart: true,
    onPick: () => onFilterField(field),
  });
  if (groupBy === column)
    items.push({ key: 'ungroup', label: t('ungroup'), icon: <GroupOutlined />, onPick: () => onGroup(undefined) });
  else if (canGroup(field))
    items.push({ key: 'group', label: t('group-by'), icon: <GroupOutlined />, onPick: () => onGroup(column) });
  items.push({
    key: 'freeze',
    label: pinned ? t('unfreeze') : t('freeze-to'),
    icon: <PushpinOutlined />,
    apart: true,
    onPick: () =>
      onColumns(
        columns.map((one, position) => ({
          ...one,
          pinned: pinned
            ? one.pinned === true && position < index
            : one.pinned === true || (position <= index && !one.hidden),
        })),
      ),
  });
  if (column !== object.title)
    items.push({
      key: 'hide',
      label: t('hide-column'),
      icon: <EyeInvisibleOutlined />,
      onPick: () => onColumns(columns.map((one) => (one.field === column ? { ...one, hidden: true } : one))),
    });
  return <FloatingMenu anchor={at} items={items} onClose={onClose} />;
}
