import { SafetyCertificateOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { defineTexts } from '../../i18n/core.ts';

const PersonDrawer = lazy(() => import('./person-drawer.tsx').then((m) => ({ default: m.PersonDrawer })));
// Apart from the feature's other texts, which come with the drawer.
const useActionText = defineTexts('privacy-action', { person: '个人信息' }, { person: 'Personal data' });

/** On a record: what the person agreed to, what he asks for, erasing. */
export function PrivacyAction({ object, id, onGone }: { object: string; id: string; onGone(): void }) {
  const t = useActionText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="small" icon={<SafetyCertificateOutlined />} onClick={() => setOpen(true)}>
        {t('person')}
      </Button>
      <Suspense fallback={null}>
        {open && (
          <PersonDrawer
            person={{ object, id }}
            onClose={() => setOpen(false)}
            onGone={() => {
              setOpen(false);
              onGone();
            }}
          />
        )}
      </Suspense>
    </>
  );
}
