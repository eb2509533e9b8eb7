import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import type { z } from 'zod';
import { api } from '../../../contract/api.ts';
import type { checks } from '../../../contract/checks.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys, useCatalog } from '../../api/query.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { formatNumber } from '../../i18n/phrase.ts';
import { Card } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useAdviceText } from './advice-texts.ts';
import { CheckForm } from './check-form.tsx';

type Campaign = z.infer<NonNullable<typeof checks.list.response>>['campaigns'][number];

const checksKey = [...keys.policies, 'checks'];

/** Spot checks (抽查) and blind re-checks: how right the data is, with its error; what waits to be looked at. */
export function Checks() {
  const t = useAdviceText();
  const [adding, setAdding] = useState(false);
  const queryClient = useQueryClient();
  const { data } = useQuery({ queryKey: checksKey, queryFn: ({ signal }) => call(api.checks.list, { signal }) });
  const renew = () => queryClient.invalidateQueries({ queryKey: checksKey });
  return (
    <Card
      title={t('checks-title')}
      extra={!adding && <Button onClick={() => setAdding(true)}>{t('checks-new')}</Button>}
    >
      <p className="xk-muted">{t('checks-hint')}</p>
      {adding && (
        <CheckForm
          onDone={() => {
            setAdding(false);
            void renew();
          }}
          onCancel={() => setAdding(false)}
        />
      )}
      {data?.campaigns.length === 0 && !adding && <p className="xk-muted">{t('checks-none')}</p>}
      <ul className="xk-checks">
        {data?.campaigns.map((campaign) => (
          <Check key={campaign.id} campaign={campaign} onChanged={() => void renew()} />
        ))}
      </ul>
    </Card>
  );
}

function Check({ campaign, onChanged }: { campaign: Campaign; onChanged: () => void }) {
  const t = useAdviceText();
  const lang = useLang();
  const label = useLabel();
  const toasts = useToasts();
  const object = useCatalog().objects.find((one) => one.name === campaign.object);
  const [open, setOpen] = useState(false);
  const close = useMutation({
    mutationFn: () => call(api.checks.close, { params: { id: campaign.id } }),
    onSuccess: onChanged,
    onError: (failure) => toasts.error(sentence(failure)),
  });
  const n = (value: number) => formatNumber(value, lang);
  const percent = (value: number) => `${(value * 100).toFixed(1)}%`;
  const fields = campaign.fields.map(
    (name) => label(object?.fields.find((field) => field.name === name)?.label) || name,
  );
  const { accuracy } = campaign;
  return (
    <li>
      <div className="xk-check-head">
        <div>
          <strong>{campaign.name}</strong>{' '}
          <span className="xk-muted">
            {t(campaign.kind === 'random' ? 'check-random' : 'check-recheck')} · {label(object?.label)} ·{' '}
            {fields.join(t('comma'))}
            {campaign.closedAt && ` · ${t('check-closed')}`}
          </span>
        </div>
        <progress
          aria-label={`${campaign.name}: ${t('check-progress', { done: campaign.done, n: campaign.records })}`}
          max={Math.max(1, campaign.records)}
          value={campaign.done}
        />
        <span className="xk-num">{t('check-progress', { done: campaign.done, n: campaign.records })}</span>
      </div>
      <p>
        {accuracy
          ? t('check-accuracy', {
              share: percent(accuracy.share),
              low: percent(accuracy.low),
              high: percent(accuracy.high),
              n: n(campaign.checked),
            })
          : t('check-not-yet', { n: n(campaign.records), of: n(campaign.population) })}
        {campaign.byPerson.length > 0 && (
          <span className="xk-muted">
            {' '}
            {campaign.byPerson.map((one) => `${one.name} ${n(one.checked)}`).join(t('comma'))}
          </span>
        )}
      </p>
      {!campaign.closedAt && (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{t('check-waiting')}</summary>
          {open && <Waiting campaign={campaign} />}
          <Button size="small" onClick={() => close.mutate()} loading={close.isPending}>
            {t('check-close')}
          </Button>
        </details>
      )}
    </li>
  );
}

/** What waits: the object's own page has the buttons to verify. */
function Waiting({ campaign }: { campaign: Campaign }) {
  const t = useAdviceText();
  const { data } = useQuery({
    queryKey: [...checksKey, campaign.id],
    queryFn: ({ signal }) => call(api.checks.items, { params: { id: campaign.id }, signal }),
  });
  if (data?.items.length === 0) return <p className="xk-muted">{t('check-all-done')}</p>;
  return (
    <ul className="xk-check-items">
      {data?.items.map((item) => (
        <li key={item.record}>
          <Link to="/o/$object/$id" params={{ object: campaign.object, id: item.record }}>
            {item.title}
          </Link>
        </li>
      ))}
    </ul>
  );
}
