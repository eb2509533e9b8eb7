import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Checkbox, Switch } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { Card } from '../../ui/page.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useSecurityText } from './texts.ts';

interface Settings {
  enabled: boolean;
  name: string;
  issuer: string;
  clientId: string;
  join: boolean;
  trustEmail: boolean;
}

const EMPTY: Settings = { enabled: false, name: '', issuer: '', clientId: '', join: false, trustEmail: false };

/** The company's own sign-in by OpenID Connect. */
export function SsoForm({
  settings,
  callback,
  onSaved,
}: {
  settings: (Settings & { secret: boolean }) | null;
  /** null: without PUBLIC_URL there is none. */
  callback: string | null;
  onSaved: () => void;
}) {
  const t = useSecurityText();
  const toasts = useToasts();
  const id = useId();
  const { secret, ...before } = settings ?? { ...EMPTY, secret: false };
  const [draft, setDraft] = useState<Settings>(before);
  const [clientSecret, setSecret] = useState('');
  const [tried, setTried] = useState(false);
  const set = (change: Partial<Settings>) => setDraft((now) => ({ ...now, ...change }));
  const save = useMutation({
    mutationFn: () => call(api.identity.saveSso, { body: { ...draft, ...(clientSecret && { clientSecret }) } }),
    onSuccess: () => {
      toasts.success(t('sso-saved'));
      setSecret('');
      onSaved();
    },
  });
  const missing = (value: string) => (tried && value.trim() === '' ? t('field-missing') : null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if ([draft.name, draft.issuer, draft.clientId].every((value) => value.trim() !== '')) save.mutate();
  };
  return (
    <Card
      title={t('sso-title')}
      extra={
        <label htmlFor={id} className="xk-security-row">
          {t('sso-on')}
          <Switch
            id={id}
            checked={draft.enabled}
            disabled={callback === null && !draft.enabled}
            onChange={(enabled) => set({ enabled })}
          />
        </label>
      }
    >
      <p className="xk-muted">{t('sso-hint')}</p>
      <form className="xk-security-form xk-sso-form" onSubmit={submit} noValidate>
        {callback === null ? (
          <p className="xk-sso-note">{t('sso-no-url')}</p>
        ) : (
          <p>
            {t('sso-callback')}
            <br />
            <code className="xk-totp-secret">{callback}</code>
          </p>
        )}
        <TextField
          label={t('sso-name')}
          value={draft.name}
          onChange={(name) => set({ name })}
          problem={missing(draft.name)}
          hint={<p className="xk-muted">{t('sso-name-hint')}</p>}
          autoComplete="off"
          large={false}
        />
        <TextField
          label={t('sso-issuer')}
          type="url"
          value={draft.issuer}
          onChange={(issuer) => set({ issuer })}
          problem={missing(draft.issuer)}
          hint={<p className="xk-muted">https://id.example.com/realms/main</p>}
          autoComplete="off"
          large={false}
        />
        <TextField
          label={t('sso-client')}
          value={draft.clientId}
          onChange={(clientId) => set({ clientId })}
          problem={missing(draft.clientId)}
          autoComplete="off"
          large={false}
        />
        <TextField
          label={t('sso-secret')}
          type="password"
          value={clientSecret}
          onChange={setSecret}
          hint={secret && <p className="xk-muted">{t('sso-secret-kept')}</p>}
          autoComplete="new-password"
          large={false}
        />
        <Checkbox checked={draft.join} onChange={({ target }) => set({ join: target.checked })}>
          {t('sso-join')}
        </Checkbox>
        <div>
          <Checkbox checked={draft.trustEmail} onChange={({ target }) => set({ trustEmail: target.checked })}>
            {t('sso-trust')}
          </Checkbox>
          <p className="xk-muted xk-sso-under">{t('sso-trust-hint')}</p>
        </div>
        {save.error && <Alert type="error" showIcon title={sentence(save.error)} role="alert" />}
        <div className="xk-security-row">
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {t('save')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
