import { useMutation } from '@tanstack/react-query';
import { Alert, Button, QRCode } from 'antd';
import { type FormEvent, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useText } from '../../i18n/core.ts';
import { TextField } from '../../ui/text-field.tsx';
import { useSecurityText } from './texts.ts';

/** The secret as a picture and as text, and the first code that shows that the app has it. */
export function TotpSetup({ uri, onDone, onClose }: { uri: string; onDone: () => void; onClose: () => void }) {
  const t = useSecurityText();
  const words = useText();
  const [code, setCode] = useState('');
  const secret = new URL(uri).searchParams.get('secret') ?? '';
  const confirm = useMutation({
    mutationFn: () => call(api.identity.confirmTotp, { body: { code: code.replaceAll(/\s/g, '') } }),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code.trim() !== '') confirm.mutate();
  };
  return (
    <form className="xk-totp-setup" onSubmit={submit} noValidate>
      <div>
        <h3>{t('totp-scan')}</h3>
        <p className="xk-muted">{t('totp-scan-hint')}</p>
        {/* Black on white in both themes: not every app reads it the other way round. */}
        <div className="xk-totp-picture" role="img" aria-label={t('totp-qr')}>
          <div aria-hidden="true">
            <QRCode value={uri} type="svg" size={176} bordered={false} color="#000000" bgColor="#ffffff" />
          </div>
        </div>
        <p className="xk-totp-here">
          <a href={uri}>{t('totp-here')}</a>
        </p>
        <p className="xk-muted">{t('totp-by-hand')}</p>
        <code className="xk-totp-secret">{secret.match(/.{1,4}/g)?.join(' ')}</code>
      </div>
      <div className="xk-security-form">
        <h3>{t('totp-enter')}</h3>
        <TextField
          label={t('code')}
          value={code}
          onChange={setCode}
          autoComplete="one-time-code"
          inputMode="numeric"
          large={false}
        />
        {confirm.error && <Alert type="error" showIcon title={sentence(confirm.error)} role="alert" />}
        <div className="xk-security-row">
          <Button type="primary" htmlType="submit" loading={confirm.isPending} disabled={code.trim() === ''}>
            {t('next')}
          </Button>
          <Button onClick={onClose}>{words('cancel')}</Button>
        </div>
      </div>
    </form>
  );
}
