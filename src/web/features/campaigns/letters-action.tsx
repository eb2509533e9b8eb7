import { MailOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { defineTexts } from '../../i18n/core.ts';

const LettersDrawer = lazy(async () => ({ default: (await import('./letters-drawer.tsx')).LettersDrawer }));

// Apart from the feature's other texts, which come with its page.
const useActionText = defineTexts('letters-action', { letters: '营销往来' }, { letters: 'Campaigns' });

/** On a record that can be written to: which campaigns it got, and what it did with them. */
export function LettersAction({ object, id }: { object: ObjectDef; id: string }) {
  const t = useActionText();
  const [open, setOpen] = useState(false);
  if (!object.fields.some(({ type, retired }) => !retired && (type === 'email' || type === 'phone'))) return null;
  return (
    <>
      <Button size="small" icon={<MailOutlined />} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {t('letters')}
      </Button>
      <Suspense fallback={null}>
        {open && <LettersDrawer object={object.name} id={id} title={t('letters')} onClose={() => setOpen(false)} />}
      </Suspense>
    </>
  );
}
