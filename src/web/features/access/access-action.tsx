import { SafetyOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { defineTexts } from '../../i18n/core.ts';

const RecordAccess = lazy(async () => ({ default: (await import('./record-access.tsx')).RecordAccess }));

// Apart from the feature's other texts, which come with the drawer.
const useActionText = defineTexts('access-action', { access: '权限' }, { access: 'Access' });

/** The button on a record: why one sees what one sees, with whom it is shared, what one can ask for. */
export function AccessAction({ object, id }: { object: ObjectDef; id: string }) {
  const t = useActionText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="small" icon={<SafetyOutlined />} onClick={() => setOpen(true)}>
        {t('access')}
      </Button>
      {open && (
        <Suspense fallback={null}>
          <RecordAccess object={object} id={id} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
