import { ProjectOutlined, SettingOutlined, TableOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { boardFields, sumFields } from '../../../domain/schema/stages.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { useLabel } from '../../i18n/core.ts';
import { FloatingMenu } from '../../ui/floating.tsx';
import { useViewsText } from './texts.ts';
import type { Board } from './view-state.ts';

/** Table or board, and what the board is made of. Objects without a choice have none. */
export function BoardSwitch({
  object,
  board,
  onChange,
}: {
  object: ObjectDef;
  board: Board | undefined;
  onChange(next: Board | undefined): void;
}) {
  const t = useViewsText();
  const label = useLabel();
  const [menu, setMenu] = useState<DOMRect | null>(null);
  const choices = boardFields(object);
  const [first] = choices;
  // What is only ever added to is not moved about.
  if (!first || object.appendOnly) return null;
  const sums = sumFields(object);
  const money = sums.find((field) => field.type === 'money');
  const start: Board = { by: first.name, ...(money && { sum: money.name }) };
  return (
    <>
      <fieldset className="xk-layout">
        <legend className="xk-visually-hidden">{t('layout')}</legend>
        <Button
          size="small"
          type="text"
          className={board ? '' : 'xk-tool-on'}
          aria-pressed={!board}
          icon={<TableOutlined />}
          onClick={() => onChange(undefined)}
        >
          {t('as-table')}
        </Button>
        <Button
          size="small"
          type="text"
          className={board ? 'xk-tool-on' : ''}
          aria-pressed={board !== undefined}
          icon={<ProjectOutlined />}
          onClick={() => onChange(board ?? start)}
        >
          {t('as-board')}
        </Button>
      </fieldset>
      {board && (
        <Button
          size="small"
          type="text"
          icon={<SettingOutlined />}
          aria-label={t('board-settings')}
          title={t('board-settings')}
          onClick={(event) => setMenu(event.currentTarget.getBoundingClientRect())}
        />
      )}
      {board && menu && (
        <FloatingMenu
          anchor={menu}
          onClose={() => setMenu(null)}
          items={[
            ...choices.map((field) => ({
              key: `by-${field.name}`,
              label: t('board-by', { field: label(field.label) }),
              icon: field.name === board.by ? '✓' : '',
              onPick: () => onChange({ ...board, by: field.name }),
            })),
            ...sums.map((field, index) => ({
              key: `sum-${field.name}`,
              label: t('board-sum', { field: label(field.label) }),
              icon: field.name === board.sum ? '✓' : '',
              apart: index === 0,
              onPick: () => onChange({ ...board, sum: field.name }),
            })),
            ...(board.sum
              ? [{ key: 'none', label: t('board-sum-none'), onPick: () => onChange({ by: board.by }) }]
              : []),
          ]}
        />
      )}
    </>
  );
}
