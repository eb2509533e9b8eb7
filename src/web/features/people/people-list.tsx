import { PlusOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { type ReactNode, useState } from 'react';
import type { z } from 'zod';
import { api } from '../../../contract/api.ts';
import type { accountSchema } from '../../../contract/session.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys, useAccounts, useSession } from '../../api/query.ts';
import { useDateFormat } from '../../api/use-date-format.ts';
import { useText } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { AccountDrawer } from './account-drawer.tsx';
import { usePeopleText } from './texts.ts';

export type Account = z.infer<typeof accountSchema>;

/** Everyone who can sign in. Administrators add, change and disable; the others see names. */
export function PeopleList({ leaving }: { leaving?: (account: Account) => ReactNode }) {
  const t = usePeopleText();
  const words = useText();
  const toasts = useToasts();
  const { modal } = App.useApp();
  const queryClient = useQueryClient();
  const { account: me } = useSession();
  const accounts = useAccounts();
  const [editing, setEditing] = useState<Account | 'new' | null>(null);
  const admin = me.role === 'admin';
  const day = useDateFormat({ dateStyle: 'medium' });
  const change = useMutation({
    mutationFn: ({ id, disabled }: { id: string; disabled: boolean }) =>
      call(api.session.updateAccount, { params: { id }, body: { disabled } }),
    onSuccess: (account) => {
      toasts.success(t('saved', { name: account.name }));
      void queryClient.invalidateQueries({ queryKey: keys.accounts });
    },
    onError: (error) => toasts.error(sentence(error)),
  });
  const disable = (account: Account) =>
    modal.confirm({
      title: t('disable-ask', { name: account.name }),
      content: t('disable-hint'),
      okText: t('disable'),
      okButtonProps: { danger: true },
      cancelText: words('cancel'),
      onOk: () => change.mutateAsync({ id: account.id, disabled: true }).catch(() => undefined),
    });
  return (
    <section className="xk-card">
      {admin && (
        <div className="xk-people-tools">
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditing('new')}>
            {t('add')}
          </Button>
        </div>
      )}
      <ul className="xk-people">
        {accounts.map((account) => (
          <li key={account.id} className={account.disabled ? 'xk-person-off' : undefined}>
            <span className="xk-person-mark" aria-hidden="true">
              {[...account.name][0]}
            </span>
            <span className="xk-person-who">
              <strong>
                {account.name} {account.id === me.id && <Badge>{t('you')}</Badge>}
              </strong>
              <span className="xk-muted">{account.email}</span>
            </span>
            <span className="xk-person-role">
              {account.disabled ? (
                <Badge>{t('disabled')}</Badge>
              ) : account.invited ? (
                <Badge tone="warn">{t('invited')}</Badge>
              ) : (
                <Badge tone={account.role === 'admin' ? 'brand' : 'plain'}>{t(`role-${account.role}`)}</Badge>
              )}
            </span>
            <span className="xk-muted xk-person-since">
              {account.createdAt && t('since', { time: day.format(new Date(account.createdAt)) })}
            </span>
            {admin && (
              <span className="xk-person-do">
                <Button size="small" aria-label={t('edit', { name: account.name })} onClick={() => setEditing(account)}>
                  {words('edit')}
                </Button>
                {account.id !== me.id && leaving?.(account)}
                {account.id !== me.id &&
                  (account.disabled ? (
                    <Button
                      size="small"
                      aria-label={`${t('enable')}: ${account.name}`}
                      onClick={() => change.mutate({ id: account.id, disabled: false })}
                    >
                      {t('enable')}
                    </Button>
                  ) : (
                    <Button
                      size="small"
                      type="text"
                      danger
                      aria-label={`${t('disable')}: ${account.name}`}
                      onClick={() => disable(account)}
                    >
                      {t('disable')}
                    </Button>
                  ))}
              </span>
            )}
          </li>
        ))}
      </ul>
      {editing && <AccountDrawer account={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </section>
  );
}
