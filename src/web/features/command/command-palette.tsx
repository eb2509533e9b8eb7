import { Modal } from 'antd';
import { useText } from '../../i18n/core.ts';

/** Placeholder: the shell opens it on ⌘K / Ctrl-K and on its search button. */
export function CommandPalette({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useText();
  return (
    <Modal open={open} onCancel={onClose} footer={null} title={t('search-all')}>
      {t('under-construction')}
    </Modal>
  );
}
