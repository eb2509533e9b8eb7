import { useMutation, useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { type FormEvent, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { SecondFactor } from '../../../contract/session.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { Skeleton } from '../../ui/page.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { SecondStep } from './second-step.tsx';
import { Strength } from './strength.tsx';
import { useStartText } from './texts.ts';

const minimum = 8;

/** What a link leads to: whose it is, and a password to choose. */
export function LinkForm({ token, onDone, onLeave }: { token: string; onDone: () => void; onLeave: () => void }) {
  const t = useStartText();
  const [second, setSecond] = useState<SecondFactor[] | null>(null);
  const link = useQuery({
    queryKey: ['link', token],
    queryFn: ({ signal }) => call(api.identity.openLink, { body: { token }, signal }),
    retry: false,
  });
  if (second) return <SecondStep factors={second} onDone={onDone} onBack={onLeave} />;
  if (link.isPending) return <Skeleton title lines={5} />;
  if (!link.data)
    return (
      <>
        <h1>{t('link-title')}</h1>
        <p>{t('link-hint')}</p>
        <Button size="large" block onClick={onLeave}>
          {t('back')}
        </Button>
      </>
    );
  const { kind, name, email } = link.data;
  return (
    <>
      <h1>{t(`${kind}-title`, { name })}</h1>
      <p>{t(`${kind}-hint`, { email })}</p>
      <PasswordForm {...{ kind, name, email, token }} onSecond={setSecond} onDone={onDone} />
    </>
  );
}

function PasswordForm({
  kind,
  name: before,
  email,
  token,
  onSecond,
  onDone,
}: {
  kind: 'invite' | 'reset';
  name: string;
  email: string;
  token: string;
  onSecond: (factors: SecondFactor[]) => void;
  onDone: () => void;
}) {
  const t = useStartText();
  const [name, setName] = useState(before);
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const invited = kind === 'invite';
  const use = useMutation({
    mutationFn: () => call(api.identity.useLink, { body: { token, password, ...(invited && { name: name.trim() }) } }),
    onSuccess: ({ second }) => (second ? onSecond(second) : onDone()),
  });
  const length = [...password].length;
  const short = length < minimum ? t('password-short', { n: length }) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (short === null && (!invited || name.trim() !== '')) use.mutate();
  };
  return (
    <form className="xk-start-form" onSubmit={submit} noValidate>
      {/* For password managers: whose password it is. */}
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      {invited && (
        <TextField
          label={t('name')}
          value={name}
          onChange={setName}
          problem={tried && name.trim() === '' ? t('name-missing') : null}
          autoComplete="name"
        />
      )}
      <TextField
        label={t(invited ? 'password' : 'new-password')}
        type="password"
        value={password}
        onChange={setPassword}
        problem={tried ? short : null}
        autoComplete="new-password"
        autoFocus
        hint={<Strength password={password} about={[name, email]} />}
      />
      {use.error && <Alert type="error" showIcon title={sentence(use.error)} role="alert" />}
      <Button type="primary" htmlType="submit" size="large" block loading={use.isPending}>
        {t(invited ? 'join' : 'save-password')}
      </Button>
    </form>
  );
}
