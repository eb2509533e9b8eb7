import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { type FormEvent, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useText } from '../../i18n/core.ts';
import { Card } from '../../ui/page.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { CurrentPassword } from './current-password.tsx';
import { mineQuery } from './security-api.ts';
import { useSecurityText } from './texts.ts';

export function PasswordCard({ has }: { has: boolean }) {
  const t = useSecurityText();
  const [open, setOpen] = useState(false);
  return (
    <Card
      title={t('password')}
      extra={!open && <Button onClick={() => setOpen(true)}>{t(has ? 'password-change' : 'password-set')}</Button>}
    >
      <p className="xk-muted">{t(has ? 'password-is' : 'password-none')}</p>
      {open && <PasswordForm has={has} onClose={() => setOpen(false)} />}
    </Card>
  );
}

function PasswordForm({ has, onClose }: { has: boolean; onClose: () => void }) {
  const t = useSecurityText();
  const words = useText();
  const toasts = useToasts();
  const queryClient = useQueryClient();
  const [password, setPassword] = useState('');
  const [newPassword, setNew] = useState('');
  const [tried, setTried] = useState(false);
  const length = [...newPassword].length;
  const save = useMutation({
    mutationFn: () => call(api.identity.changePassword, { body: { ...(has && { password }), newPassword } }),
    onSuccess: () => {
      toasts.success(t('password-done'));
      void queryClient.invalidateQueries({ queryKey: mineQuery.queryKey });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (length >= 8 && (!has || password !== '')) save.mutate();
  };
  return (
    <form className="xk-security-form xk-security-narrow" onSubmit={submit} noValidate>
      {has && <CurrentPassword value={password} onChange={setPassword} tried={tried} />}
      <TextField
        label={t('password-new')}
        type="password"
        value={newPassword}
        onChange={setNew}
        problem={tried && length < 8 ? t('password-short', { n: length }) : null}
        autoComplete="new-password"
        large={false}
      />
      {save.error && <Alert type="error" showIcon title={sentence(save.error)} role="alert" />}
      <div className="xk-security-row">
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t('save')}
        </Button>
        <Button onClick={onClose}>{words('cancel')}</Button>
      </div>
    </form>
  );
}
