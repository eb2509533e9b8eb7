import { KeyOutlined, PlusOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { makePasskey, passkeysWork } from '../../api/passkeys.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { Card } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { deviceName } from './device-name.ts';
import { type Mine, mineQuery } from './security-api.ts';
import { useSecurityText } from './texts.ts';

/** Passkeys of this account. `onReady`: a second factor was set up. */
export function PasskeysCard({ mine, onReady }: { mine: Mine; onReady?: () => void }) {
  const t = useSecurityText();
  const toasts = useToasts();
  const queryClient = useQueryClient();
  const when = useDateFormat(DAY_AND_TIME);
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<{ id: string; name: string } | null>(null);
  const refresh = () => queryClient.invalidateQueries({ queryKey: mineQuery.queryKey });
  const works = passkeysWork(mine.passkeyHost);
  const add = async (password: string | undefined) => {
    const name = deviceName(navigator.userAgent) ?? t('device-unknown');
    if (!(await makePasskey(name, password))) return;
    toasts.success(t('passkey-added', { name }));
    await refresh();
    onReady?.();
  };
  return (
    <Card
      title={t('passkeys')}
      extra={
        works && (
          <Button icon={<PlusOutlined />} onClick={() => setAdding(true)}>
            {t('passkey-add')}
          </Button>
        )
      }
    >
      <p className="xk-muted">{t('passkeys-hint')}</p>
      {mine.passkeys.length === 0 ? (
        <p className="xk-security-none">{t(works ? 'passkeys-none' : 'passkeys-not-here')}</p>
      ) : (
        <ul className="xk-security-list">
          {mine.passkeys.map((passkey) => (
            <li key={passkey.id}>
              <KeyOutlined aria-hidden="true" />
              <span>
                <strong>{passkey.name}</strong>
                <span className="xk-muted">
                  {passkey.lastUsedAt
                    ? t('passkey-used', { time: when.format(new Date(passkey.lastUsedAt)) })
                    : t('passkey-never')}
                </span>
              </span>
              <Button
                size="small"
                type="text"
                danger
                aria-label={t('passkey-remove-for', { name: passkey.name })}
                onClick={() => setRemoving(passkey)}
              >
                {t('passkey-remove')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {adding && (
        <ConfirmDialog
          title={t('passkey-add')}
          hint={mine.password ? t('confirm-hint') : t('passkeys-hint')}
          ok={t('next')}
          withPassword={mine.password}
          onConfirm={add}
          onClose={() => setAdding(false)}
        />
      )}
      {removing && (
        <ConfirmDialog
          title={t('passkey-remove-for', { name: removing.name })}
          hint={t('passkey-remove-hint')}
          ok={t('passkey-remove')}
          danger
          withPassword={mine.password}
          onConfirm={async (password) => {
            const body = password === undefined ? {} : { password };
            await call(api.identity.removePasskey, { params: { id: removing.id }, body });
            toasts.success(t('passkey-removed', { name: removing.name }));
            await refresh();
          }}
          onClose={() => setRemoving(null)}
        />
      )}
    </Card>
  );
}
