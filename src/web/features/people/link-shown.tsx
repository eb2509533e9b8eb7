import { CopyOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { usePeopleText } from './texts.ts';

export interface Link {
  kind: 'invite' | 'reset';
  token: string;
  expiresAt: string;
  mailed: boolean;
}

/** A link that is used once, to be passed on. It is shown only now. */
export function LinkShown({ link, name, email }: { link: Link; name: string; email: string }) {
  const t = usePeopleText();
  const toasts = useToasts();
  const when = useDateFormat(DAY_AND_TIME);
  const address = `${location.origin}/${link.kind}#${link.token}`;
  const copy = async () => {
    await navigator.clipboard.writeText(address);
    toasts.success(t('link-copied'));
  };
  return (
    <div className="xk-people-form">
      <p>{link.mailed ? t('link-mailed', { email }) : t('link-by-hand', { name })}</p>
      <Input.TextArea aria-label={t('link-address')} value={address} readOnly autoSize className="xk-people-link" />
      <div>
        <Button icon={<CopyOutlined />} onClick={() => void copy()}>
          {t('link-copy')}
        </Button>
      </div>
      <p className="xk-muted">{t('link-until', { time: when.format(new Date(link.expiresAt)) })}</p>
    </div>
  );
}
