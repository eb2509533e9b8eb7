import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { NumberBox, Row } from '../../ui/form-parts.tsx';
import { Card } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useAdviserText } from './adviser-texts.ts';
import { taggingKeys, useTagNames } from './tagging-api.ts';

/** A language model that proposes tags: off until an address is given. What is sent can be seen before it is switched on. */
export function AdviserCard() {
  const t = useAdviserText();
  const { data } = useQuery({
    queryKey: [...taggingKeys.all, 'adviser'],
    queryFn: ({ signal }) => call(api.tagging.adviser, { signal }),
    staleTime: 0,
  });
  if (!data) return null;
  return (
    <Card title={t('title')}>
      <p className="xk-muted">{t('hint')}</p>
      <p>
        {data.on
          ? t('state-on', { asked: data.asked, proposed: data.proposed, waiting: data.waiting })
          : t('state-off')}
        {data.on && data.error !== null && <span className="xk-over"> {t('error', { why: data.error })}</span>}
      </p>
      <details>
        <summary>{t('settings')}</summary>
        <AdviserForm key={`${data.address} ${data.model} ${data.on} ${data.daily} ${data.hasKey}`} now={data} />
      </details>
    </Card>
  );
}

function AdviserForm({
  now,
}: {
  now: { on: boolean; address: string; model: string; daily: number; hasKey: boolean };
}) {
  const t = useAdviserText();
  const names = useTagNames();
  const toasts = useToasts();
  const client = useQueryClient();
  const ids = { address: useId(), model: useId(), key: useId(), text: useId() };
  const [draft, setDraft] = useState({ on: now.on, address: now.address, model: now.model, daily: now.daily });
  const [key, setKey] = useState('');
  const [text, setText] = useState('');
  const save = useMutation({
    mutationFn: () => call(api.tagging.saveAdviser, { body: { ...draft, ...(key !== '' && { key }) } }),
    onSuccess: () => toasts.success(t('saved')),
    onError: (problem) => toasts.error(sentence(problem)),
    onSettled: () => client.invalidateQueries({ queryKey: taggingKeys.all }),
  });
  const trial = useMutation({
    mutationFn: () => call(api.tagging.tryAdviser, { body: { text } }),
    onError: (problem) => toasts.error(sentence(problem)),
  });
  const set = (patch: Partial<typeof draft>) => setDraft({ ...draft, ...patch });
  return (
    <div className="xk-tagging-try">
      <label className="xk-check">
        <input type="checkbox" checked={draft.on} onChange={({ target }) => set({ on: target.checked })} />
        {t('on')}
      </label>
      <Row id={ids.address} label={t('address')} hint={t('address-hint')}>
        <input
          id={ids.address}
          className="xk-plain-input"
          type="url"
          placeholder="https://"
          value={draft.address}
          onChange={({ target }) => set({ address: target.value })}
        />
      </Row>
      <Row id={ids.model} label={t('model')}>
        <input
          id={ids.model}
          className="xk-plain-input"
          maxLength={100}
          value={draft.model}
          onChange={({ target }) => set({ model: target.value })}
        />
      </Row>
      <Row id={ids.key} label={t('key')} hint={now.hasKey ? t('key-kept') : undefined}>
        <input
          id={ids.key}
          className="xk-plain-input"
          type="password"
          autoComplete="off"
          maxLength={500}
          value={key}
          onChange={({ target }) => setKey(target.value)}
        />
      </Row>
      <NumberBox label={t('daily')} min={1} max={100_000} value={draft.daily} onChange={(daily) => set({ daily })} />
      <div className="xk-tagging-foot">
        <Button
          type="primary"
          loading={save.isPending}
          disabled={draft.on && (draft.address === '' || draft.model === '')}
          onClick={() => save.mutate()}
        >
          {t('save')}
        </Button>
      </div>
      {now.address !== '' && (
        <>
          <Row id={ids.text} label={t('try')}>
            <textarea
              id={ids.text}
              className="xk-plain-input"
              rows={2}
              maxLength={2000}
              value={text}
              onChange={({ target }) => setText(target.value)}
            />
          </Row>
          <div className="xk-tagging-foot">
            <Button loading={trial.isPending} disabled={text.trim() === ''} onClick={() => trial.mutate()}>
              {t('ask')}
            </Button>
          </div>
          {trial.data && (
            <div role="status">
              <p>{t('sent', { text: trial.data.sent })}</p>
              {trial.data.error !== null && <p className="xk-over">{t('error', { why: trial.data.error })}</p>}
              {trial.data.error === null && trial.data.tags.length === 0 && <p>{t('answer-none')}</p>}
              <ul>
                {trial.data.tags.map(({ field, tag, quote }) => (
                  <li key={`${field} ${tag}`}>
                    <strong>{names.tag(field, tag)}</strong> “{quote}”
                  </li>
                ))}
              </ul>
            </div>
          )}
        </>
      )}
    </div>
  );
}
