import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { useLabel } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { privacyKeys, usePurposes } from './privacy-api.ts';
import type { Person } from './privacy-page.tsx';
import { usePrivacyText } from './texts/texts.ts';

const CHANNELS = ['any', 'mail', 'phone', 'sms', 'wechat', 'post'] as const;
const STATES = ['given', 'withdrawn', 'refused'] as const;
const SOURCES = ['phone', 'page', 'paper', 'form'] as const;

/** What a person agreed to and took back, newest first, and the next word of his. */
export function ConsentList({ person }: { person: Person }) {
  const t = usePrivacyText();
  const label = useLabel();
  const toasts = useToasts();
  const client = useQueryClient();
  const at = useDateFormat(DAY_AND_TIME);
  const purposes = usePurposes();
  const params = { object: person.object, id: person.id };
  const { data } = useQuery({
    queryKey: privacyKeys.consents(person.id),
    queryFn: async ({ signal }) => (await call(api.privacy.consents, { params, signal })).consents,
  });
  const [purpose, setPurpose] = useState('care');
  const [channel, setChannel] = useState<(typeof CHANNELS)[number]>('any');
  const [state, setState] = useState<(typeof STATES)[number]>('given');
  const [source, setSource] = useState<(typeof SOURCES)[number]>('phone');
  const [separate, setSeparate] = useState(false);
  const chosen = purposes.data?.find(({ id }) => id === purpose);
  const add = useMutation({
    mutationFn: () =>
      call(api.privacy.addConsent, {
        params,
        body: { purpose, channel, state, source, ...(separate && chosen?.separate && { separate }) },
      }),
    onSuccess: ({ consents }) => {
      client.setQueryData(privacyKeys.consents(person.id), consents);
      toasts.success(t('noted'));
    },
    onError: (problem) => toasts.error(sentence(problem)),
  });
  const nameOf = (id: string) => label(purposes.data?.find((one) => one.id === id)?.label) || id;
  return (
    <section className="xk-privacy-part">
      <h3>{t('consents')}</h3>
      {!data && <Skeleton lines={2} />}
      {data?.length === 0 && <p className="xk-muted xk-privacy-hint">{t('consents-none')}</p>}
      <ul className="xk-privacy-list">
        {data?.map((one) => (
          <li key={one.id}>
            <span className="xk-privacy-what">
              <strong>{t(`consent-${one.state}`)}</strong> · {nameOf(one.purpose)} · {t(`channel-${one.channel}`)}
              {one.separate && ` · ${t('separate-short')}`}{' '}
              <span className="xk-muted">
                {at.format(new Date(one.at))} · {t(`source-${one.source}`)}
                {one.textVersion !== null && ` · ${t('version', { n: one.textVersion })}`}
                {one.byName && ` · ${t('by', { name: one.byName })}`}
              </span>
            </span>
            {one.inForce && <Badge tone={one.state === 'given' ? 'brand' : 'warn'}>{t('in-force')}</Badge>}
          </li>
        ))}
      </ul>
      <form
        className="xk-privacy-form"
        aria-label={t('add-consent')}
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <div className="xk-privacy-pair">
          <label>
            {t('purpose')}
            <select className="xk-plain-input" value={purpose} onChange={(event) => setPurpose(event.target.value)}>
              {purposes.data
                ?.filter(({ retired }) => !retired)
                .map(({ id }) => (
                  <option key={id} value={id}>
                    {nameOf(id)}
                  </option>
                ))}
            </select>
          </label>
          <Chosen head="state" options={STATES} word={(one) => t(`consent-${one}`)} value={state} onChange={setState} />
        </div>
        <div className="xk-privacy-pair">
          <Chosen
            head="channel"
            options={CHANNELS}
            word={(one) => t(`channel-${one}`)}
            value={channel}
            onChange={setChannel}
          />
          <Chosen
            head="source"
            options={SOURCES}
            word={(one) => t(`source-${one}`)}
            value={source}
            onChange={setSource}
          />
        </div>
        {chosen?.separate && (
          <label className="xk-check">
            <input type="checkbox" checked={separate} onChange={(event) => setSeparate(event.target.checked)} />
            {t('separate')}
          </label>
        )}
        <div>
          <Button htmlType="submit" loading={add.isPending}>
            {t('add-consent')}
          </Button>
        </div>
      </form>
    </section>
  );
}

/** A native list under its name. */
export function Chosen<Value extends string>({
  head,
  options,
  word,
  value,
  onChange,
}: {
  head: 'state' | 'channel' | 'source' | 'ground' | 'request-kind' | 'law' | 'clock' | 'basis' | 'mode';
  options: readonly Value[];
  word(value: NoInfer<Value>): string;
  value: NoInfer<Value>;
  onChange(next: NoInfer<Value>): void;
}) {
  const t = usePrivacyText();
  return (
    <label>
      {t(head)}
      <select
        className="xk-plain-input"
        value={value}
        onChange={(event) => onChange(options.find((one) => one === event.target.value) ?? value)}
      >
        {options.map((one) => (
          <option key={one} value={one}>
            {word(one)}
          </option>
        ))}
      </select>
    </label>
  );
}
