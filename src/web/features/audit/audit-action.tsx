import { FileProtectOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { useMay } from '../../api/query.ts';
import { defineTexts } from '../../i18n/core.ts';
import '../../ui/link-button.css';

// Apart from the feature's other texts, which come with its page.
const useActionText = defineTexts('audit-action', { seen: '谁看过' }, { seen: 'Who saw this' });

/** On a record, for auditors: who looked at it, changed it, took it out. */
export function AuditAction({ id }: { id: string }) {
  const t = useActionText();
  if (!useMay('audit')) return null;
  return (
    <Link to="/settings/audit" search={{ record: id }} className="xk-link-button xk-link-small">
      <FileProtectOutlined />
      {t('seen')}
    </Link>
  );
}
