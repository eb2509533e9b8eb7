import { useMutation } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { type FormEvent, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { TextField } from '../../ui/text-field.tsx';
import { useStartText } from './texts.ts';

/** Asks for a link by mail. The answer is the same whether there is such an account or not. */
export function ForgotForm({ email: before, onBack }: { email: string; onBack: () => void }) {
  const t = useStartText();
  const [email, setEmail] = useState(before);
  const [tried, setTried] = useState(false);
  const ask = useMutation({
    mutationFn: () => call(api.identity.requestReset, { body: { email: email.trim() } }),
  });
  const bad = !/^[^\s@]+@[^\s@]+$/.test(email.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!bad) ask.mutate();
  };
  return (
    <>
      <h1>{t('forgot-title')}</h1>
      <p>{t('forgot-hint')}</p>
      {ask.isSuccess ? (
        <Alert type="success" showIcon title={t('forgot-sent', { email: email.trim() })} role="status" />
      ) : (
        <form className="xk-start-form" onSubmit={submit} noValidate>
          <TextField
            label={t('email')}
            type="email"
            value={email}
            onChange={setEmail}
            problem={tried && bad ? t('email-bad') : null}
            autoComplete="username"
            autoFocus
          />
          {ask.error && <Alert type="error" showIcon title={sentence(ask.error)} role="alert" />}
          <Button type="primary" htmlType="submit" size="large" block loading={ask.isPending}>
            {t('forgot-send')}
          </Button>
        </form>
      )}
      <div className="xk-start-links">
        <Button type="link" onClick={onBack}>
          {t('back')}
        </Button>
      </div>
    </>
  );
}
