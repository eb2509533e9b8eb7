import { useMutation, useQuery } from '@tanstack/react-query';
import { Alert, Modal } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { reasonOf } from '../../api/errors.ts';
import { queryClient } from '../../api/query.ts';
import type { FormatEnv } from '../../fields/format.ts';
import { useText } from '../../i18n/core.ts';
import { type MassTarget, massKeys, massQuery } from './mass-api.ts';
import { actionOf, type MassDraft, type MassKind, newDraft } from './mass-draft.ts';
import { MassForm } from './mass-form.tsx';
import { MassPreview } from './mass-preview.tsx';
import { useMassText } from './texts.ts';
import { watch } from './watched.ts';
import './mass.css';

/** What to do, then what it would do, then it begins: nothing is changed before it was counted and shown. */
export function MassDialog({
  object,
  kind,
  begin,
  target,
  n,
  env,
  onClose,
  onStarted,
}: {
  object: ObjectDef;
  kind: MassKind;
  /** Filled in already. */
  begin?: Partial<MassDraft>;
  target: MassTarget;
  n: number;
  env: FormatEnv;
  onClose(): void;
  onStarted(): void;
}) {
  const t = useMassText();
  const words = useText();
  const [draft, setDraft] = useState((): MassDraft => ({ ...newDraft(kind), ...begin }));
  const [looked, setLooked] = useState<string | null>(null);
  const action = actionOf(draft, object);
  const look = useMutation({
    mutationFn: (body: NonNullable<typeof action>) =>
      call(api.mass.create, {
        body: { target, action: body, ...(draft.reason.trim() && { reason: draft.reason.trim() }) },
      }),
    onSuccess: (run) => {
      queryClient.setQueryData(massKeys.one(run.id), run);
      setLooked(run.id);
    },
  });
  const { data: run, error } = useQuery({ ...massQuery(looked ?? ''), enabled: looked !== null });
  const start = useMutation({
    mutationFn: (id: string) => call(api.mass.start, { params: { id } }),
    onSuccess: (begun) => {
      queryClient.setQueryData(massKeys.one(begun.id), begun);
      watch(begun.id);
      onStarted();
    },
  });
  const drop = () => {
    // What nobody said yes to is not kept waiting.
    if (looked) void call(api.mass.cancel, { params: { id: looked } }).catch(() => undefined);
    setLooked(null);
  };
  const close = () => {
    drop();
    onClose();
  };
  const problem = look.error ?? error ?? start.error;
  const change = run?.preview?.change ?? 0;
  return (
    <Modal
      open
      width={640}
      title={t(`title-${kind}`, { n: run?.found || n })}
      onCancel={close}
      cancelText={looked ? t('back') : words('cancel')}
      cancelButtonProps={looked ? { onClick: drop } : {}}
      okText={looked ? t('start', { n: change }) : t('preview')}
      okButtonProps={{
        disabled: looked ? run?.state !== 'ready' || change === 0 : action === null,
        loading: look.isPending || start.isPending || run?.state === 'looking',
        danger: kind === 'delete' && looked !== null,
      }}
      onOk={() => (looked ? start.mutate(looked) : action && look.mutate(action))}
    >
      {looked && run ? (
        <MassPreview object={object} run={run} env={env} />
      ) : (
        <MassForm object={object} draft={draft} env={env} onChange={setDraft} />
      )}
      {(problem || run?.error) && (
        <Alert type="error" showIcon title={problem ? reasonOf(problem) : (run?.error?.message ?? '')} />
      )}
    </Modal>
  );
}
