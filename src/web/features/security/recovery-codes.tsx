import { CopyOutlined, DownloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useToasts } from '../../ui/toasts.tsx';
import { useSecurityText } from './texts.ts';

/** Shown once: to be copied, saved or printed. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const t = useSecurityText();
  const toasts = useToasts();
  const text = `${codes.join('\n')}\n`;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    toasts.success(t('recovery-copied'));
  };
  const save = () => {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = t('recovery-file');
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  };
  return (
    <section className="xk-recovery" aria-label={t('recovery')}>
      <h3>{t('recovery-title')}</h3>
      <p>{t('recovery-hint')}</p>
      <ul>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className="xk-security-row">
        <Button icon={<CopyOutlined />} onClick={() => void copy()}>
          {t('recovery-copy')}
        </Button>
        <Button icon={<DownloadOutlined />} onClick={save}>
          {t('recovery-download')}
        </Button>
        <Button type="primary" onClick={onDone}>
          {t('recovery-saved')}
        </Button>
      </div>
    </section>
  );
}
