import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Drawer } from 'antd';
import { type ReactNode, useId, useState } from 'react';
import type { z } from 'zod';
import { api } from '../../../contract/api.ts';
import type { appSchema } from '../../../contract/apps.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useAccounts } from '../../api/query.ts';
import { useText } from '../../i18n/core.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { toDraft, toScopes } from './scope-draft.ts';
import { ScopeEditor } from './scope-editor.tsx';
import { useAppsText } from './texts.ts';

export type RegisteredApp = z.output<typeof appSchema>;

export interface Made {
  id: string;
  name: string;
  secret: string | null;
}

/** Registers an app, or changes one. */
export function AppDrawer({
  app,
  onMade,
  onClose,
}: {
  app: RegisteredApp | null;
  onMade: (made: Made) => void;
  onClose: () => void;
}) {
  const t = useAppsText();
  const words = useText();
  const toasts = useToasts();
  const client = useQueryClient();
  const accounts = useAccounts();
  const id = useId();
  const [draft, setDraft] = useState({
    name: app?.name ?? '',
    about: app?.about ?? '',
    homeUrl: app?.homeUrl ?? '',
    uris: (app?.redirectUris ?? []).join('\n'),
    account: app?.account ?? '',
    perMinute: String(app?.perMinute ?? 600),
    confidential: app?.confidential ?? true,
    scopes: toDraft(app?.scopes ?? []),
  });
  const set = (change: Partial<typeof draft>) => setDraft((now) => ({ ...now, ...change }));
  const body = {
    name: draft.name.trim(),
    about: draft.about.trim(),
    homeUrl: draft.homeUrl.trim() || null,
    redirectUris: draft.uris.split(/\s+/).filter(Boolean),
    scopes: toScopes(draft.scopes),
    account: draft.confidential ? draft.account || null : null,
    perMinute: Number(draft.perMinute) || 0,
  };
  const save = useMutation({
    mutationFn: async (): Promise<Made | null> => {
      if (!app)
        return {
          ...(await call(api.apps.register, { body: { ...body, confidential: draft.confidential } })),
          name: body.name,
        };
      await call(api.apps.update, { params: { id: app.id }, body });
      return null;
    },
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: ['apps'] });
      if (made) onMade(made);
      else toasts.success(t('saved', { name: body.name }));
      onClose();
    },
  });
  return (
    <Drawer
      open
      size={600}
      title={app ? t('edit-title', { name: app.name }) : t('register-title')}
      onClose={onClose}
      footer={
        <div className="xk-apps-foot">
          <Button onClick={onClose}>{words('cancel')}</Button>
          <Button
            type="primary"
            disabled={body.name === '' || body.scopes.length === 0 || body.perMinute < 1}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            {app ? words('save') : t('register')}
          </Button>
        </div>
      }
    >
      <Line id={`${id}name`} label={t('name')}>
        <input
          id={`${id}name`}
          className="xk-plain-input"
          placeholder={t('name-example')}
          maxLength={80}
          value={draft.name}
          onChange={({ target }) => set({ name: target.value })}
        />
      </Line>
      <Line id={`${id}about`} label={t('about')}>
        <input
          id={`${id}about`}
          className="xk-plain-input"
          placeholder={t('about-example')}
          maxLength={300}
          value={draft.about}
          onChange={({ target }) => set({ about: target.value })}
        />
      </Line>
      <Line id={`${id}home`} label={t('home-url')}>
        <input
          id={`${id}home`}
          className="xk-plain-input"
          type="url"
          placeholder="https://"
          maxLength={300}
          value={draft.homeUrl}
          onChange={({ target }) => set({ homeUrl: target.value })}
        />
      </Line>
      {!app && (
        <fieldset className="xk-form-row">
          <legend>{t('kind')}</legend>
          {[true, false].map((one) => (
            <label key={String(one)} className="xk-check">
              <input
                type="radio"
                name={`${id}kind`}
                checked={draft.confidential === one}
                onChange={() => set({ confidential: one })}
              />
              <span>{t(one ? 'kind-secret' : 'kind-public')}</span>
            </label>
          ))}
        </fieldset>
      )}
      <Line id={`${id}uris`} label={t('redirect-uris')} hint={t('redirect-uris-hint')}>
        <textarea
          id={`${id}uris`}
          className="xk-plain-input"
          rows={3}
          spellCheck={false}
          placeholder="https://app.example.com/oauth/back"
          value={draft.uris}
          onChange={({ target }) => set({ uris: target.value })}
        />
      </Line>
      {draft.confidential && (
        <Line id={`${id}account`} label={t('acts-as')} hint={t('acts-as-hint')}>
          <select
            id={`${id}account`}
            className="xk-plain-input"
            value={draft.account}
            onChange={({ target }) => set({ account: target.value })}
          >
            <option value="">{t('nobody')}</option>
            {accounts
              .filter((one) => !one.disabled)
              .map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
          </select>
        </Line>
      )}
      <Line id={`${id}limit`} label={t('per-minute')}>
        <input
          id={`${id}limit`}
          className="xk-plain-input xk-apps-number"
          type="number"
          min={1}
          max={100_000}
          value={draft.perMinute}
          onChange={({ target }) => set({ perMinute: target.value })}
        />
      </Line>
      <fieldset className="xk-form-row">
        <legend>{t('scopes')}</legend>
        <small className="xk-muted">{t('scopes-hint')}</small>
        <ScopeEditor draft={draft.scopes} onChange={(scopes) => set({ scopes })} />
      </fieldset>
      {save.error && <Alert type="error" showIcon title={sentence(save.error)} />}
    </Drawer>
  );
}

function Line({ id, label, hint, children }: { id: string; label: string; hint?: string; children: ReactNode }) {
  return (
    <div className="xk-form-row">
      <label htmlFor={id}>{label}</label>
      {children}
      {hint && <small className="xk-muted">{hint}</small>}
    </div>
  );
}
