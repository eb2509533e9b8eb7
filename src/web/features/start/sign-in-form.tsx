import { useMutation, useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { type FormEvent, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { SecondFactor } from '../../../contract/session.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { TextField } from '../../ui/text-field.tsx';
import { ForgotForm } from './forgot-form.tsx';
import { OtherWays } from './other-ways.tsx';
import { SecondStep } from './second-step.tsx';
import { useStartText } from './texts.ts';

/** What came back: signed in, or what is asked for besides. */
export interface Reply {
  account?: unknown;
  second?: SecondFactor[] | undefined;
}

/** Mail and password, and the other ways in; then the second step where there is one. */
export function SignInForm({ problem, to, onDone }: { problem?: string; to?: string; onDone: () => void }) {
  const t = useStartText();
  const [email, setEmail] = useState('');
  const [step, setStep] = useState<'password' | 'forgot' | SecondFactor[]>('password');
  const ways = useQuery({ queryKey: ['sign-in'], queryFn: ({ signal }) => call(api.identity.ways, { signal }) });
  const proceed = ({ second }: Reply) => (second ? setStep(second) : onDone());
  if (step === 'forgot') return <ForgotForm email={email} onBack={() => setStep('password')} />;
  if (step !== 'password') return <SecondStep factors={step} onDone={onDone} onBack={() => setStep('password')} />;
  return (
    <>
      <h1>{t('sign-in-title')}</h1>
      <p>{t('sign-in-hint')}</p>
      <PasswordForm
        email={email}
        onEmail={setEmail}
        problem={problem}
        onReply={proceed}
        onForgot={ways.data?.mail ? () => setStep('forgot') : undefined}
      />
      {ways.data && <OtherWays ways={ways.data} to={to} onReply={proceed} />}
    </>
  );
}

/** What went wrong is said above the button and does not tell which of the two it was. */
function PasswordForm({
  email,
  onEmail,
  problem,
  onReply,
  onForgot,
}: {
  email: string;
  onEmail: (email: string) => void;
  problem: string | undefined;
  onReply: (reply: Reply) => void;
  onForgot: (() => void) | undefined;
}) {
  const t = useStartText();
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const signIn = useMutation({
    mutationFn: () => call(api.session.signIn, { body: { email: email.trim(), password } }),
    onSuccess: onReply,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (email.trim() !== '' && password !== '') signIn.mutate();
  };
  const wrong = signIn.error ? sentence(signIn.error) : signIn.isIdle ? problem : undefined;
  return (
    <form className="xk-start-form" onSubmit={submit} noValidate>
      <TextField
        label={t('email')}
        type="email"
        value={email}
        onChange={onEmail}
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
      {wrong && <Alert type="error" showIcon title={wrong} role="alert" />}
      <Button type="primary" htmlType="submit" size="large" block loading={signIn.isPending}>
        {t('sign-in')}
      </Button>
      {onForgot ? (
        <Button type="link" onClick={onForgot}>
          {t('forgot')}
        </Button>
      ) : (
        <p className="xk-muted xk-start-note">{t('forgot-admin')}</p>
      )}
    </form>
  );
}
