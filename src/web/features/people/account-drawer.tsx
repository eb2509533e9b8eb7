import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Drawer, Input, Radio } from 'antd';
import { type ReactNode, useId, useState } from 'react';
import type { z } from 'zod';
import { api } from '../../../contract/api.ts';
import type { accountSchema } from '../../../contract/session.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys, useSession } from '../../api/query.ts';
import { useText } from '../../i18n/core.ts';
import { Choices } from '../../ui/choices.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { type AccountDraft, accountIssues, makePassword } from './account-draft.ts';
import { AccountRescue } from './account-rescue.tsx';
import { type Link, LinkShown } from './link-shown.tsx';
import { usePeopleText } from './texts.ts';

const roles = ['member', 'admin'] as const;

/** A new person, or name, role and password of one there is. */
export function AccountDrawer({
  account,
  onClose,
}: {
  account: z.infer<typeof accountSchema> | null;
  onClose: () => void;
}) {
  const t = usePeopleText();
  const words = useText();
  const toasts = useToasts();
  const queryClient = useQueryClient();
  const id = useId();
  const [draft, setDraft] = useState<AccountDraft>({
    name: account?.name ?? '',
    email: account?.email ?? '',
    role: account?.role ?? 'member',
    password: '',
  });
  const [way, setWay] = useState<'invite' | 'password'>('invite');
  const [link, setLink] = useState<Link | null>(null);
  const [tried, setTried] = useState(false);
  const { account: me } = useSession();
  const inviting = account === null && way === 'invite';
  const set = (change: Partial<AccountDraft>) => setDraft((now) => ({ ...now, ...change }));
  const issues = accountIssues(draft, account !== null, inviting);
  const problem = (field: string) => {
    const issue = tried ? issues.find((one) => one.field === field) : undefined;
    return issue ? t(issue.code, { n: [...draft.password].length }) : null;
  };
  const name = draft.name.trim();
  const save = useMutation({
    mutationFn: async (): Promise<Link | null> => {
      const person = { name, email: draft.email.trim(), role: draft.role };
      if (inviting) return (await call(api.identity.invite, { body: person })).link;
      await (account
        ? call(api.session.updateAccount, {
            params: { id: account.id },
            body: { name, role: draft.role, ...(draft.password && { password: draft.password }) },
          })
        : call(api.session.createAccount, { body: { ...person, password: draft.password } }));
      return null;
    },
    onSuccess: (made) => {
      toasts.success(t(account ? 'saved' : 'created', { name }));
      void queryClient.invalidateQueries({ queryKey: keys.accounts });
      void queryClient.invalidateQueries({ queryKey: keys.session });
      if (made) setLink(made);
      else onClose();
    },
  });
  const submit = () => {
    setTried(true);
    if (issues.length === 0) save.mutate();
  };
  return (
    <Drawer
      open
      size={420}
      title={account ? t('edit-title', { name: account.name }) : t('new-title')}
      onClose={onClose}
      footer={
        link ? (
          <div className="xk-people-foot">
            <Button type="primary" onClick={onClose}>
              {t('link-done')}
            </Button>
          </div>
        ) : (
          <div className="xk-people-foot">
            <Button onClick={onClose}>{words('cancel')}</Button>
            <Button type="primary" loading={save.isPending} onClick={submit}>
              {t(account ? 'save' : inviting ? 'invite' : 'create')}
            </Button>
          </div>
        )
      }
    >
      {link && <LinkShown link={link} name={name} email={account?.email ?? draft.email.trim()} />}
      <form
        hidden={link !== null}
        className="xk-people-form"
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Line id={`${id}-name`} label={t('name')} problem={problem('name')}>
          <Input
            id={`${id}-name`}
            autoFocus
            value={draft.name}
            maxLength={80}
            onChange={(event) => set({ name: event.target.value })}
          />
        </Line>
        <Line id={`${id}-email`} label={t('email')} problem={problem('email')}>
          <Input
            id={`${id}-email`}
            type="email"
            disabled={account !== null}
            value={draft.email}
            onChange={(event) => set({ email: event.target.value })}
          />
        </Line>
        <fieldset>
          <legend>{t('role')}</legend>
          <Radio.Group
            vertical
            value={draft.role}
            onChange={(event) => set({ role: event.target.value })}
            options={roles.map((role) => ({
              value: role,
              label: (
                <>
                  {t(`role-${role}`)} <span className="xk-muted">{t(`role-${role}-hint`)}</span>
                </>
              ),
            }))}
          />
        </fieldset>
        {!account && (
          <Choices<'invite' | 'password'>
            label={t('way')}
            value={way}
            onChange={setWay}
            options={[
              { value: 'invite', label: t('way-invite') },
              { value: 'password', label: t('way-password') },
            ]}
          />
        )}
        {inviting && <p className="xk-muted">{t('way-invite-hint')}</p>}
        {!inviting && (
          <Line
            id={`${id}-password`}
            label={t(account ? 'password-new' : 'password')}
            problem={problem('password')}
            hint={t(account ? 'password-keep' : 'password-hint')}
          >
            <div className="xk-people-password">
              <Input
                id={`${id}-password`}
                autoComplete="new-password"
                spellCheck={false}
                value={draft.password}
                onChange={(event) => set({ password: event.target.value })}
              />
              <Button
                onClick={() =>
                  set({ password: makePassword((length) => crypto.getRandomValues(new Uint8Array(length))) })
                }
              >
                {t('password-make')}
              </Button>
            </div>
          </Line>
        )}
        {save.error && <Alert type="error" showIcon title={sentence(save.error)} />}
        <button type="submit" hidden />
      </form>
      {account && !link && account.id !== me.id && <AccountRescue account={account} onLink={setLink} />}
    </Drawer>
  );
}

function Line({
  id,
  label,
  problem,
  hint,
  children,
}: {
  id: string;
  label: string;
  problem: string | null;
  hint?: string;
  children: ReactNode;
}) {
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      {children}
      {problem ? (
        <p className="xk-people-problem" role="alert">
          {problem}
        </p>
      ) : (
        hint && <p className="xk-muted">{hint}</p>
      )}
    </div>
  );
}
