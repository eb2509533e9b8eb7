import { GroupOutlined, SortAscendingOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import type { Sort } from '../../../domain/filter/types.ts';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { FieldDef } from '../../../domain/schema/types.ts';
import { useLabel } from '../../i18n/core.ts';
import { FloatingMenu } from '../../ui/floating.tsx';
import { useViewsText } from './texts.ts';

/** Sort and group as two small menus; the column menu does the same at the column. */
export function SortGroup({
  fields,
  groupable,
  sort,
  groupBy,
  onSort,
  onGroup,
}: {
  fields: FieldDef[];
  groupable: FieldDef[];
  sort: Sort[];
  groupBy: string | undefined;
  onSort(next: Sort[]): void;
  onGroup(next: string | undefined): void;
}) {
  const t = useViewsText();
  const label = useLabel();
  const [open, setOpen] = useState<{ what: 'sort' | 'group'; at: DOMRect } | null>(null);
  const nameOf = (name: string) => label(fields.find((field) => field.name === name)?.label);
  const first = sort[0];
  return (
    <>
      <Button
        size="small"
        type="text"
        className={first ? 'xk-tool-on' : ''}
        icon={<SortAscendingOutlined />}
        onClick={(event) => setOpen({ what: 'sort', at: event.currentTarget.getBoundingClientRect() })}
      >
        {first ? t('sorted-by', { field: nameOf(first.field), dir: t(first.dir) }) : t('sort')}
      </Button>
      {groupable.length > 0 && (
        <Button
          size="small"
          type="text"
          className={groupBy ? 'xk-tool-on' : ''}
          icon={<GroupOutlined />}
          onClick={(event) => setOpen({ what: 'group', at: event.currentTarget.getBoundingClientRect() })}
        >
          {groupBy ? t('grouped-by', { field: nameOf(groupBy) }) : t('group')}
        </Button>
      )}
      {open?.what === 'sort' && (
        <FloatingMenu
          anchor={open.at}
          onClose={() => setOpen(null)}
          items={[
            ...(first ? [{ key: '-', label: t('no-sort'), onPick: () => onSort([]) }] : []),
            ...fields
              .filter((field) => !mayBeSealed(field))
              .map((field, index) => {
                const now = sort.find((one) => one.field === field.name);
                return {
                  key: field.name,
                  label: label(field.label),
                  icon: now ? (now.dir === 'asc' ? '↑' : '↓') : '',
                  apart: first !== undefined && index === 0,
                  onPick: () => onSort([{ field: field.name, dir: now?.dir === 'asc' ? 'desc' : 'asc' }]),
                };
              }),
          ]}
        />
      )}
      {open?.what === 'group' && (
        <FloatingMenu
          anchor={open.at}
          onClose={() => setOpen(null)}
          items={[
            ...(groupBy ? [{ key: '-', label: t('no-group'), onPick: () => onGroup(undefined) }] : []),
            ...groupable.map((field, index) => ({
              key: field.name,
              label: label(field.label),
              icon: field.name === groupBy ? '✓' : '',
              apart: groupBy !== undefined && index === 0,
              onPick: () => onGroup(field.name),
            })),
          ]}
        />
      )}
    </>
  );
}
