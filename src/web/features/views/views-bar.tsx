import {
  DeleteOutlined,
  EditOutlined,
  MoreOutlined,
  SaveOutlined,
  TeamOutlined,
  UndoOutlined,
} from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys, useSession } from '../../api/query.ts';
import { useLabel, useText } from '../../i18n/core.ts';
import { FloatingMenu, type MenuItem } from '../../ui/floating.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useViewsText } from './texts.ts';
import type { View, ViewDefinition } from './view-state.ts';

const NameDialog = lazy(async () => ({ default: (await import('./name-dialog.tsx')).NameDialog }));

/** Tabs of saved views; what was changed can be saved, kept as a new view, or put back. */
export function ViewsBar({
  object,
  views,
  current,
  changed,
  definition,
  onPick,
  onReset,
}: {
  object: string;
  views: View[];
  current: View | undefined;
  changed: boolean;
  /** What is shown now, to be saved. */
  definition: ViewDefinition;
  onPick(id: string | undefined): void;
  onReset(): void;
}) {
  const t = useViewsText();
  const text = useText();
  const label = useLabel();
  const toasts = useToasts();
  const { modal } = App.useApp();
  const { account } = useSession();
  const queryClient = useQueryClient();
  const [naming, setNaming] = useState<'new' | 'rename' | null>(null);
  const [menu, setMenu] = useState<DOMRect | null>(null);
  const may = current !== undefined && (current.owner === account.id || account.role === 'admin');
  const nameOf = (view: View) => (view.label ? label(view.label) : view.name);

  const after = async (id: string | undefined) => {
    await queryClient.invalidateQueries({ queryKey: keys.views(object) });
    onPick(id);
    onReset();
  };
  const save = useMutation({
    mutationFn: () =>
      call(api.catalog.updateView, {
        params: { id: current?.id ?? '' },
        body: { definition, version: current?.version } as never,
      }),
    onSuccess: async (view) => {
      await after(view.id);
      toasts.success(t('saved'));
    },
    onError: (error) => toasts.error(sentence(error)),
  });
  const remove = () =>
    current &&
    modal.confirm({
      title: t('delete-confirm', { name: nameOf(current) }),
      content: t('delete-hint'),
      okText: text('delete'),
      okButtonProps: { danger: true },
      onOk: async () => {
        try {
          await call(api.catalog.deleteView, { params: { id: current.id } });
          await after(undefined);
        } catch (error) {
          toasts.error(sentence(error));
        }
      },
    });

  const items: MenuItem[] = [
    { key: 'as', label: t('save-as'), icon: <SaveOutlined />, onPick: () => setNaming('new') },
  ];
  if (may) {
    items.push({ key: 'rename', label: t('rename'), icon: <EditOutlined />, onPick: () => setNaming('rename') });
    items.push({
      key: 'delete',
      label: t('delete-view'),
      icon: <DeleteOutlined />,
      apart: true,
      danger: true,
      onPick: () => void remove(),
    });
  }

  return (
    <div className="xk-views">
      <nav className="xk-views-tabs" aria-label={t('views')}>
        {views.length === 0 && <span className="xk-view xk-view-on">{t('everything')}</span>}
        {views.map((view) => (
          <button
            key={view.id}
            type="button"
            className={`xk-view${view.id === current?.id ? ' xk-view-on' : ''}`}
            aria-pressed={view.id === current?.id}
            title={view.shared ? t('shared-view') : t('my-view')}
            onClick={() => onPick(view.id)}
          >
            {view.shared && <TeamOutlined aria-hidden="true" />}
            {nameOf(view)}
          </button>
        ))}
      </nav>
      {changed && (
        <span className="xk-views-changed">
          {may && (
            <Button
              size="small"
              type="primary"
              icon={<SaveOutlined />}
              loading={save.isPending}
              onClick={() => save.mutate()}
            >
              {t('save')}
            </Button>
          )}
          {!may && (
            <Button size="small" icon={<SaveOutlined />} onClick={() => setNaming('new')}>
              {t('save-as')}
            </Button>
          )}
          <Button size="small" type="text" icon={<UndoOutlined />} onClick={onReset}>
            {t('reset')}
          </Button>
        </span>
      )}
      <Button
        size="small"
        type="text"
        icon={<MoreOutlined />}
        aria-label={`${t('views')} ${text('more')}`}
        onClick={(event) => setMenu(event.currentTarget.getBoundingClientRect())}
      />
      {menu && <FloatingMenu anchor={menu} items={items} onClose={() => setMenu(null)} />}
      {naming && (
        <Suspense fallback={null}>
          <NameDialog
            start={
              naming === 'rename' && current
                ? { name: nameOf(current), shared: current.shared }
                : { name: '', shared: false }
            }
            title={naming === 'rename' ? t('rename') : t('save-as')}
            onClose={() => setNaming(null)}
            onSave={async (name, shared) => {
              const view =
                naming === 'rename' && current
                  ? await call(api.catalog.updateView, { params: { id: current.id }, body: { name, shared } })
                  : await call(api.catalog.createView, { body: { object, name, shared, definition } as never });
              setNaming(null);
              await after(view.id);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}
