import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { type FormEvent, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { forgetCopies } from '../../api/offline-copy.ts';
import { TextField } from './text-field.tsx';
import { useStartText } from './texts.ts';

/** Mail and password; what went wrong is said above the button and does not tell which of the two it was. */
export function SignInForm({ onDone }: { onDone: () => void }) {
  const t = useStartText();
  const queryClient = useQueryClient();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const signIn = useMutation({
    mutationFn: () => call(api.session.signIn, { body: { email: email.trim(), password } }),
    onSuccess: () => {
      // Nothing of whoever was here before may show.
      forgetCopies();
      queryClient.clear();
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (email.trim() !== '' && password !== '') signIn.mutate();
  };
  return (
    <form className="xk-start-form" onSubmit={submit} noValidate>
      <TextField
        label={t('email')}
        type="email"
        value={email}
        onChange={setEmail}
        problem={tried && email.trim() === '' ? t('email-bad') : null}
        autoComplete="username"
        autoFocus
      />
      <TextField
        label={t('password')}
        type="password"
        value={password}
        onChange={setPassword}
        problem={tried && password === '' ? t('password-missing') : null}
        autoComplete="current-password"
      />
      {signIn.error && <Alert type="error" showIcon title={sentence(signIn.error)} role="alert" />}
      <Button type="primary" htmlType="submit" size="large" block loading={signIn.isPending}>
        {t('sign-in')}
      </Button>
      <p className="xk-muted xk-start-note">{t('forgot')}</p>
    </form>
  );
}
