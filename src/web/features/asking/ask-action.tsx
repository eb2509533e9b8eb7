import { SendOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { useCatalog } from '../../api/query.ts';
import { defineTexts } from '../../i18n/core.ts';

const AskDialog = lazy(async () => ({ default: (await import('./ask-dialog.tsx')).AskDialog }));

// Apart from the feature's other texts, which come with the dialog.
const useAskText = defineTexts('ask-action', { ask: '请客户确认' }, { ask: 'Ask customer' });

/** Has this object people who could confirm: an address of its own, or contacts? */
function canAsk(object: ObjectDef, objects: ObjectDef[]): boolean {
  const reachable = (one: ObjectDef) =>
    one.fields.some((field) => !field.retired && (field.type === 'email' || field.type === 'phone'));
  const contacts = objects.some(
    (child) =>
      !child.retired &&
      reachable(child) &&
      child.fields.some((field) => field.name === child.parent && field.target === object.name),
  );
  return object.fields.some((field) => field.tracked && !field.retired) && (reachable(object) || contacts);
}

/** The button on a record; the dialog comes when it is pressed. */
export function AskAction({ object, id }: { object: ObjectDef; id: string }) {
  const t = useAskText();
  const { objects } = useCatalog();
  const [open, setOpen] = useState(false);
  if (!canAsk(object, objects)) return null;
  return (
    <>
      <Button size="small" icon={<SendOutlined />} onClick={() => setOpen(true)}>
        {t('ask')}
      </Button>
      {open && (
        <Suspense fallback={null}>
          <AskDialog object={object.name} id={id} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
