import { BankOutlined, KeyOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { api } from '../../../contract/api.ts';
import { address } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { passkeysWork, signInWithPasskey } from '../../api/passkeys.ts';
import type { Reply } from './sign-in-form.tsx';
import { useStartText } from './texts.ts';

/** Ways in beside the password: a passkey, and the company's own sign-in. */
export function OtherWays({
  ways,
  to,
  onReply,
}: {
  ways: { passkeyHost: string; sso: string | null };
  to: string | undefined;
  onReply: (reply: Reply) => void;
}) {
  const t = useStartText();
  const passkeys = passkeysWork(ways.passkeyHost);
  if (!passkeys && ways.sso === null) return null;
  return (
    <div className="xk-start-ways">
      <p className="xk-start-or">
        <span>{t('or')}</span>
      </p>
      {ways.sso !== null && (
        <Button size="large" block icon={<BankOutlined />} href={address(api.identity.startSso, { query: { to } })}>
          {t('sso', { name: ways.sso })}
        </Button>
      )}
      {passkeys && <PasskeyButton onReply={onReply} />}
    </div>
  );
}

export function PasskeyButton({ main, onReply }: { main?: boolean; onReply: (reply: Reply) => void }) {
  const t = useStartText();
  const passkey = useMutation({
    mutationFn: signInWithPasskey,
    onSuccess: (reply) => reply && onReply(reply),
  });
  return (
    <>
      {passkey.error && <Alert type="error" showIcon title={sentence(passkey.error)} role="alert" />}
      <Button
        size="large"
        block
        type={main ? 'primary' : 'default'}
        icon={<KeyOutlined />}
        title={t('passkey-hint')}
        loading={passkey.isPending}
        onClick={() => passkey.mutate()}
      >
        {t('passkey')}
      </Button>
    </>
  );
}
