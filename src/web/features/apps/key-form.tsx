import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Drawer } from 'antd';
import { useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useText } from '../../i18n/core.ts';
import { type ScopeDraft, toScopes } from './scope-draft.ts';
import { ScopeEditor } from './scope-editor.tsx';
import { useAppsText } from './texts.ts';

const DAYS = ['30', '90', '365', ''] as const;

/** A new key: what for, until when, and how much of what I may do. */
export function KeyForm({ onMade, onClose }: { onMade: (key: string) => void; onClose: () => void }) {
  const t = useAppsText();
  const words = useText();
  const id = useId();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [days, setDays] = useState<string>('90');
  const [limited, setLimited] = useState(true);
  const [draft, setDraft] = useState<ScopeDraft>({});
  const scopes = toScopes(draft);
  const create = useMutation({
    mutationFn: () =>
      call(api.session.createApiKey, {
        body: { name: name.trim(), ...(days && { days: Number(days) }), ...(limited && { scopes }) },
      }),
    onSuccess: ({ key }) => {
      void client.invalidateQueries({ queryKey: ['api-keys'] });
      onMade(key);
    },
  });
  const ready = name.trim() !== '' && (!limited || scopes.length > 0);
  return (
    <Drawer
      open
      size={560}
      title={t('key-new')}
      onClose={onClose}
      footer={
        <div className="xk-apps-foot">
          <Button onClick={onClose}>{words('cancel')}</Button>
          <Button type="primary" disabled={!ready} loading={create.isPending} onClick={() => create.mutate()}>
            {t('key-create')}
          </Button>
        </div>
      }
    >
      <label className="xk-form-row" htmlFor={`${id}name`}>
        <span>{t('key-name')}</span>
        <input
          id={`${id}name`}
          className="xk-plain-input"
          placeholder={t('key-name-example')}
          maxLength={80}
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
      </label>
      <label className="xk-form-row" htmlFor={`${id}days`}>
        <span>{t('key-days')}</span>
        <select
          id={`${id}days`}
          className="xk-plain-input"
          value={days}
          onChange={({ target }) => setDays(target.value)}
        >
          {DAYS.map((one) => (
            <option key={one} value={one}>
              {one ? t('days', { n: Number(one) }) : t('no-end')}
            </option>
          ))}
        </select>
      </label>
      <fieldset className="xk-form-row">
        <legend>{t('scopes')}</legend>
        {[true, false].map((one) => (
          <label key={String(one)} className="xk-check">
            <input type="radio" name={`${id}all`} checked={limited === one} onChange={() => setLimited(one)} />
            <span>{t(one ? 'scopes-some' : 'scopes-all')}</span>
          </label>
        ))}
        {!limited && <p className="xk-apps-warn">{t('scopes-all-hint')}</p>}
      </fieldset>
      {limited && <ScopeEditor draft={draft} onChange={setDraft} />}
      {create.error && <Alert type="error" showIcon title={sentence(create.error)} />}
    </Drawer>
  );
}
