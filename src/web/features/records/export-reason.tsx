import { Modal } from 'antd';
import { useId, useState } from 'react';
import { useText } from '../../i18n/core.ts';
import { useRecordsText } from './texts.ts';

/** An export that needs approval: why, and who decides. */
export function ExportReason({
  count,
  deciders,
  onClose,
  onSend,
}: {
  count: number;
  deciders: string[];
  onClose(): void;
  onSend(reason: string): Promise<void>;
}) {
  const t = useRecordsText();
  const words = useText();
  const id = useId();
  const [reason, setReason] = useState('');
  const [sending, setSending] = useState(false);
  const send = () => {
    setSending(true);
    void onSend(reason.trim()).finally(() => setSending(false));
  };
  return (
    <Modal
      open
      width={480}
      title={t('export-reason-title', { n: count.toLocaleString() })}
      onCancel={onClose}
      cancelText={words('cancel')}
      okText={t('export-send')}
      okButtonProps={{ disabled: reason.trim() === '', loading: sending }}
      onOk={send}
    >
      <p className="xk-muted">{t('export-reason-who', { names: deciders.join('、') || t('export-reason-admins') })}</p>
      <div className="xk-form-row">
        <label htmlFor={id}>{t('export-reason')}</label>
        <textarea
          id={id}
          className="xk-plain-input"
          rows={3}
          maxLength={500}
          placeholder={t('export-reason-hint')}
          value={reason}
          // biome-ignore lint/a11y/noAutofocus: it is what the dialog is for
          autoFocus
          onChange={({ target }) => setReason(target.value)}
        />
      </div>
    </Modal>
  );
}
