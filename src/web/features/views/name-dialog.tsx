import { Checkbox, Input, Modal } from 'antd';
import { useState } from 'react';
import { sentence } from '../../api/errors.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { useViewsText } from './texts.ts';

/** Name of a view and who sees it. */
export function NameDialog({
  start,
  title,
  onClose,
  onSave,
}: {
  start: { name: string; shared: boolean };
  title: string;
  onClose(): void;
  onSave(name: string, shared: boolean): Promise<void>;
}) {
  const t = useViewsText();
  const toasts = useToasts();
  const [name, setName] = useState(start.name);
  const [shared, setShared] = useState(start.shared);
  const save = () => void onSave(name.trim(), shared).catch((error: unknown) => toasts.error(sentence(error)));
  return (
    <Modal
      open
      title={title}
      onCancel={onClose}
      onOk={save}
      okButtonProps={{ disabled: name.trim() === '' }}
      width={420}
    >
      <Input
        autoFocus
        aria-label={t('view-name')}
        placeholder={t('view-name')}
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.target.value)}
        onPressEnter={() => name.trim() !== '' && save()}
      />
      <Checkbox style={{ marginTop: 12 }} checked={shared} onChange={(event) => setShared(event.target.checked)}>
        {t('share-with-all')}
      </Checkbox>
    </Modal>
  );
}
