import { useMutation } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { type FormEvent, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { SecondFactor } from '../../../contract/session.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { TextField } from '../../ui/text-field.tsx';
import { PasskeyButton } from './other-ways.tsx';
import { useStartText } from './texts.ts';

/** After the password: a code of the authenticator app, a recovery code, or a passkey. */
export function SecondStep({
  factors,
  onDone,
  onBack,
}: {
  factors: SecondFactor[];
  onDone: () => void;
  onBack: () => void;
}) {
  const t = useStartText();
  const [factor, setFactor] = useState<SecondFactor>(factors[0] ?? 'totp');
  return (
    <>
      <h1>{t('second-title')}</h1>
      <p>{t(`second-${factor}`)}</p>
      {factor === 'passkey' ? (
        <PasskeyButton main onReply={onDone} />
      ) : (
        <CodeForm key={factor} kind={factor} onDone={onDone} />
      )}
      <div className="xk-start-links">
        {factors
          .filter((one) => one !== factor)
          .map((one) => (
            <Button key={one} type="link" onClick={() => setFactor(one)}>
              {t(`use-${one}`)}
            </Button>
          ))}
        <Button type="link" onClick={onBack}>
          {t('back')}
        </Button>
      </div>
    </>
  );
}

function CodeForm({ kind, onDone }: { kind: 'totp' | 'recovery'; onDone: () => void }) {
  const t = useStartText();
  const [code, setCode] = useState('');
  const [tried, setTried] = useState(false);
  const enter = useMutation({
    // People type codes as they are shown, in two groups.
    mutationFn: (given: string) => call(api.identity.second, { body: { kind, code: given.replaceAll(/\s/g, '') } }),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (code.trim() !== '') enter.mutate(code);
  };
  const change = (value: string) => {
    setCode(value);
    if (kind === 'totp' && /^\d{6}$/.test(value.replaceAll(/\s/g, '')) && !enter.isPending) enter.mutate(value);
  };
  return (
    <form className="xk-start-form" onSubmit={submit} noValidate>
      <TextField
        label={t(kind === 'totp' ? 'code' : 'recovery-code')}
        value={code}
        onChange={change}
        problem={tried && code.trim() === '' ? t('code-missing') : null}
        autoComplete="one-time-code"
        {...(kind === 'totp' && { inputMode: 'numeric' as const })}
        autoFocus
      />
      {enter.error && <Alert type="error" showIcon title={sentence(enter.error)} role="alert" />}
      <Button type="primary" htmlType="submit" size="large" block loading={enter.isPending}>
        {t('confirm')}
      </Button>
    </form>
  );
}
