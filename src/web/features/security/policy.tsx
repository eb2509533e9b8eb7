import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Checkbox } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useLabel } from '../../i18n/core.ts';
import { Card, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { mineQuery } from './security-api.ts';
import { SsoForm } from './sso-form.tsx';
import { useSecurityText } from './texts.ts';
import './security.css';

const policyKey = ['sign-in-policy'];

/** For administrators: who needs two factors, and the company's own sign-in. */
export function SignInPolicy() {
  const queryClient = useQueryClient();
  const policy = useQuery({ queryKey: policyKey, queryFn: ({ signal }) => call(api.identity.policy, { signal }) });
  if (!policy.data) return <Skeleton lines={6} />;
  const refresh = () => void queryClient.invalidateQueries({ queryKey: policyKey });
  const { factorRoles, sso, callback } = policy.data;
  return (
    <div className="xk-security">
      <FactorRoles chosen={factorRoles} onSaved={refresh} />
      <SsoForm settings={sso} callback={callback} onSaved={refresh} />
    </div>
  );
}

function FactorRoles({ chosen, onSaved }: { chosen: string[]; onSaved: () => void }) {
  const t = useSecurityText();
  const label = useLabel();
  const toasts = useToasts();
  const [roles, setRoles] = useState(chosen);
  const known = useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => call(api.access.roles, { signal }) });
  const { data: mine } = useQuery(mineQuery);
  const save = useMutation({
    mutationFn: () => call(api.identity.saveFactorRoles, { body: { roles } }),
    onSuccess: () => {
      toasts.success(t('factors-saved'));
      onSaved();
    },
  });
  const bare = mine && !mine.totp && mine.passkeys.length === 0;
  return (
    <Card title={t('factors-title')}>
      <p className="xk-muted">{t('factors-hint')}</p>
      <div className="xk-policy-roles">
        {known.data?.roles.map((role) => (
          <Checkbox
            key={role.id}
            checked={roles.includes(role.id)}
            onChange={({ target }) =>
              setRoles((now) => (target.checked ? [...now, role.id] : now.filter((one) => one !== role.id)))
            }
          >
            {label(role.label)}
          </Checkbox>
        ))}
      </div>
      {bare && roles.includes('admin') && <Alert type="warning" showIcon title={t('factors-own')} />}
      {save.error && <Alert type="error" showIcon title={sentence(save.error)} role="alert" />}
      <div className="xk-security-row">
        <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>
          {t('save')}
        </Button>
      </div>
    </Card>
  );
}
