import { MergeOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { useSession } from '../../api/query.ts';
import { defineTexts } from '../../i18n/core.ts';

const MergeDialog = lazy(async () => ({ default: (await import('./merge-dialog.tsx')).MergeDialog }));
const MergePicker = lazy(async () => ({ default: (await import('./merge-picker.tsx')).MergePicker }));

// Apart from the feature's other texts, which come with the dialogs.
const useActionText = defineTexts('merge-action', { merge: '合并…' }, { merge: 'Merge…' });

/** Records of one merge at most; the contract says the same. */
const MOST = 20;

/** On a record: chooses the others, then merges. `onMerged` gets the record that stayed. */
export function MergeAction({
  object,
  id,
  onMerged,
}: {
  object: ObjectDef;
  id: string;
  onMerged(winner: string): void;
}) {
  const t = useActionText();
  const { account } = useSession();
  const [step, setStep] = useState<'pick' | string[] | null>(null);
  if (account.role !== 'admin' || object.appendOnly) return null;
  return (
    <>
      <Button size="small" icon={<MergeOutlined />} onClick={() => setStep('pick')}>
        {t('merge')}
      </Button>
      {step !== null && (
        <Suspense fallback={null}>
          {step === 'pick' ? (
            <MergePicker
              object={object}
              id={id}
              onClose={() => setStep(null)}
              onPicked={(others) => setStep([id, ...others])}
            />
          ) : (
            <MergeDialog
              object={object}
              records={step}
              onClose={() => setStep(null)}
              onMerged={({ winner }) => {
                setStep(null);
                onMerged(winner);
                return undefined;
              }}
            />
          )}
        </Suspense>
      )}
    </>
  );
}

/** In the bar of selected rows. */
export function MergeSelected({ object, ids, onMerged }: { object: ObjectDef; ids: string[]; onMerged(): void }) {
  const t = useActionText();
  const { account } = useSession();
  const [open, setOpen] = useState(false);
  if (account.role !== 'admin' || object.appendOnly || ids.length < 2 || ids.length > MOST) return null;
  return (
    <>
      <Button size="small" icon={<MergeOutlined />} onClick={() => setOpen(true)}>
        {t('merge')}
      </Button>
      {open && (
        <Suspense fallback={null}>
          <MergeDialog
            object={object}
            records={ids}
            onClose={() => setOpen(false)}
            onMerged={() => {
              setOpen(false);
              onMerged();
              return undefined;
            }}
          />
        </Suspense>
      )}
    </>
  );
}
