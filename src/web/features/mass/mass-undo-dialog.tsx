import { useMutation } from '@tanstack/react-query';
import { Modal } from 'antd';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys, queryClient } from '../../api/query.ts';
import { useText } from '../../i18n/core.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { massKeys } from './mass-api.ts';
import { useMassText } from './texts.ts';
import { watch } from './watched.ts';

/** Takes a large change set back in the background, with its progress in the corner. */
export function MassUndoDialog({
  changeSet,
  records,
  onClose,
}: {
  changeSet: string;
  records: number;
  onClose(): void;
}) {
  const t = useMassText();
  const words = useText();
  const toasts = useToasts();
  const undo = useMutation({
    mutationFn: () => call(api.mass.undo, { body: { changeSet } }),
    onSuccess: (run) => {
      queryClient.setQueryData(massKeys.one(run.id), run);
      watch(run.id);
      void queryClient.invalidateQueries({ queryKey: keys.changeSets });
      onClose();
    },
    onError: (error) => toasts.error(sentence(error)),
  });
  return (
    <Modal
      open
      title={t('title-undo', { n: records })}
      okText={t('undo')}
      cancelText={words('cancel')}
      okButtonProps={{ loading: undo.isPending }}
      onOk={() => undo.mutate()}
      onCancel={onClose}
    >
      <p>{t('undo-hint')}</p>
      <p className="xk-muted">{t('background-hint')}</p>
    </Modal>
  );
}
