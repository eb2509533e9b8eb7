import { CheckOutlined, DeleteOutlined, EditOutlined, EllipsisOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { FormatEnv } from '../../fields/format.ts';
import { FloatingMenu } from '../../ui/floating.tsx';
import type { MassTarget } from './mass-api.ts';
import { type MassKind, replaceable, verifiable } from './mass-draft.ts';
import { useMassText } from './texts.ts';

const MassDialog = lazy(async () => ({ default: (await import('./mass-dialog.tsx')).MassDialog }));

/** In the bar of selected rows: what can be done with all of them. Each is counted before it is done. */
export function MassActions({
  object,
  target,
  n,
  env,
  onStarted,
}: {
  object: ObjectDef;
  target: MassTarget;
  /** How many were selected, as far as the table knows. */
  n: number;
  env: FormatEnv;
  onStarted(): void;
}) {
  const t = useMassText();
  const [kind, setKind] = useState<MassKind | null>(null);
  const [menu, setMenu] = useState<DOMRect | null>(null);
  const edits = !object.appendOnly;
  const more: MassKind[] = [
    ...(edits && object.owner ? ['assign' as const] : []),
    ...(edits ? ['standardise' as const] : []),
    ...(edits && replaceable(object).length > 0 ? ['replace' as const] : []),
  ];
  return (
    <>
      {verifiable(object).length > 0 && (
        <Button size="small" icon={<CheckOutlined />} onClick={() => setKind('verify')}>
          {t('verify')}
        </Button>
      )}
      {edits && (
        <Button size="small" icon={<EditOutlined />} onClick={() => setKind('set')}>
          {t('bulk-edit')}
        </Button>
      )}
      {edits && (
        <Button size="small" danger icon={<DeleteOutlined />} onClick={() => setKind('delete')}>
          {t('delete')}
        </Button>
      )}
      {more.length > 0 && (
        <Button
          size="small"
          icon={<EllipsisOutlined />}
          aria-label={t('more')}
          title={t('more')}
          aria-haspopup="menu"
          onClick={(event) => setMenu(event.currentTarget.getBoundingClientRect())}
        />
      )}
      {menu && (
        <FloatingMenu
          anchor={menu}
          onClose={() => setMenu(null)}
          items={more.map((key) => ({ key, label: t(key as 'assign'), onPick: () => setKind(key) }))}
        />
      )}
      {kind && (
        <Suspense fallback={null}>
          <MassDialog
            object={object}
            kind={kind}
            target={target}
            n={n}
            env={env}
            onClose={() => setKind(null)}
            onStarted={() => {
              setKind(null);
              onStarted();
            }}
          />
        </Suspense>
      )}
    </>
  );
}
