import { CopyOutlined } from '@ant-design/icons';
import { Alert, Button } from 'antd';
import { useText } from '../../i18n/core.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { useAppsText } from './texts.ts';

/** A secret that is shown once, to be copied. */
export function SecretBox({
  title,
  lines,
  onClose,
}: {
  title: string;
  lines: { name?: string; value: string }[];
  onClose: () => void;
}) {
  const t = useAppsText();
  const words = useText();
  const toasts = useToasts();
  const copy = async (value: string) => {
    await navigator.clipboard.writeText(value);
    toasts.success(t('copied'));
  };
  return (
    <Alert
      type="success"
      closable={{ onClose, 'aria-label': words('close') }}
      title={title}
      description={lines.map(({ name, value }) => (
        <div key={value} className="xk-secret">
          {name && <span>{name}</span>}
          <code>{value}</code>
          <Button
            size="small"
            icon={<CopyOutlined />}
            aria-label={name ? `${t('copy')}: ${name}` : undefined}
            onClick={() => void copy(value)}
          >
            {t('copy')}
          </Button>
        </div>
      ))}
    />
  );
}
