import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { z } from 'zod';
import { api } from '../../../contract/api.ts';
import type { checks } from '../../../contract/checks.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys, useCatalog } from '../../api/query.ts';
import { useDateFormat } from '../../api/use-date-format.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { percentWords } from '../../i18n/estimates.ts';
import { formatNumber } from '../../i18n/phrase.ts';
import { Card, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { CampaignTables } from './campaign-tables.tsx';
import { isLate } from './late.ts';
import { useCheckText } from './texts.ts';

const CheckForm = lazy(() => import('./check-form.tsx').then((m) => ({ default: m.CheckForm })));

export type Campaign = z.infer<NonNullable<typeof checks.list.response>>['campaigns'][number];

const checksKey = [...keys.policies, 'checks'];

/** Censuses (普查), stock-takes (盘点), spot checks (抽查) and blind re-checks: how far they are, how right the data is, with its error. */
export function Campaigns({ recheck }: { recheck: string | null }) {
  const t = useCheckText();
  const [adding, setAdding] = useState(recheck !== null);
  const queryClient = useQueryClient();
  const { data } = useQuery({
    queryKey: [...checksKey, 'all'],
    queryFn: ({ signal }) => call(api.checks.list, { signal }),
  });
  const renew = () => queryClient.invalidateQueries({ queryKey: checksKey });
  return (
    <Card
      title={t('checks-title')}
      extra={!adding && <Button onClick={() => setAdding(true)}>{t('checks-new')}</Button>}
    >
      <p className="xk-muted">{t('checks-hint')}</p>
      <Suspense fallback={<Skeleton lines={5} />}>
        {adding && (
          <CheckForm
            recheck={recheck}
            onDone={() => {
              setAdding(false);
              void renew();
            }}
            onCancel={() => setAdding(false)}
          />
        )}
      </Suspense>
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
  const t = useCheckText();
  const label = useLabel();
  const toasts = useToasts();
  const day = useDateFormat({ dateStyle: 'medium' });
  const object = useCatalog().objects.find((one) => one.name === campaign.object);
  const [open, setOpen] = useState(false);
  const close = useMutation({
    mutationFn: () => call(api.checks.close, { params: { id: campaign.id } }),
    onSuccess: onChanged,
    onError: (failure) => toasts.error(sentence(failure)),
  });
  const fields = campaign.fields.map(
    (name) => label(object?.fields.find((field) => field.name === name)?.label) || name,
  );
  const facts = [
    t(`check-${campaign.kind}`),
    label(object?.label),
    fields.join(t('comma')),
    ...(campaign.endsAt && !campaign.closedAt ? [t('ends-on', { day: day.format(new Date(campaign.endsAt)) })] : []),
    ...(campaign.repeats && campaign.nextAt
      ? [t(`repeats-${campaign.repeats}`), t('next-draw', { day: day.format(new Date(campaign.nextAt)) })]
      : []),
    ...(campaign.closedAt ? [t('check-closed')] : []),
  ];
  const late = !campaign.closedAt && campaign.done < campaign.records && isLate(campaign.endsAt);
  return (
    <li>
      <div className="xk-check-head">
        <div>
          <strong>{campaign.name}</strong> <span className="xk-muted">{facts.join(' · ')}</span>{' '}
          {late && <span className="xk-over">{t('late')}</span>}
        </div>
        <progress
          aria-label={`${campaign.name}: ${t('check-progress', { done: campaign.done, n: campaign.records })}`}
          max={Math.max(1, campaign.records)}
          value={campaign.done}
        />
        <span className="xk-num">{t('check-progress', { done: campaign.done, n: campaign.records })}</span>
      </div>
      <Found campaign={campaign} />
      <CampaignTables campaign={campaign} />
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

/** Of a random draw an estimate with its interval; of a census or a stock-take what was found, of what was looked at. */
function Found({ campaign }: { campaign: Campaign }) {
  const t = useCheckText();
  const lang = useLang();
  const n = (value: number) => formatNumber(value, lang);
  const { accuracy, checked } = campaign;
  return (
    <p>
      {!accuracy
        ? campaign.records === 0
          ? t('would-none')
          : t(campaign.precision > 0 ? 'check-not-yet' : 'begun-not-yet', {
              n: n(campaign.records),
              of: n(campaign.population),
            })
        : campaign.precision > 0
          ? t('check-accuracy', {
              share: percentWords(accuracy.share),
              low: percentWords(accuracy.low),
              high: percentWords(accuracy.high),
              n: n(checked),
            })
          : t('found-right', { n: n(checked), share: percentWords(accuracy.share) })}
      {campaign.byPerson.length > 0 && (
        <span className="xk-muted">
          {' '}
          {campaign.byPerson.map((one) => `${one.name} ${n(one.checked)}`).join(t('comma'))}
        </span>
      )}
    </p>
  );
}

/** What waits: the object's own page has the buttons to verify. */
function Waiting({ campaign }: { campaign: Campaign }) {
  const t = useCheckText();
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
