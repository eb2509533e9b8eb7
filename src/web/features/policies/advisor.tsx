import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useDeferredValue, useState } from 'react';
import type { z } from 'zod';
import type { curveSchema } from '../../../contract/advice.ts';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys, useCatalog } from '../../api/query.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { formatNumber } from '../../i18n/phrase.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useAdviceText } from './advice-texts.ts';
import { plotOf, ticks } from './advice-words.ts';
import { type Policies, roughlyOften, stated } from './policy-words.ts';
import { usePolicyText } from './texts.ts';

type Curve = z.infer<typeof curveSchema>;

/** Hours a week against the freshness they buy, with a budget to drag, and the frequencies that are best for it. */
export function Advisor({ policies }: { policies: Policies['policies'] }) {
  const t = useAdviceText();
  const lang = useLang();
  const [hours, setHours] = useState<number | null>(null);
  const asked = useDeferredValue(hours);
  const { data, error, refetch } = useQuery({
    queryKey: [...keys.policies, 'curve', asked],
    queryFn: ({ signal }) => call(api.advice.curve, { query: asked === null ? {} : { hours: asked }, signal }),
    placeholderData: (before) => before,
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton title lines={10} />;
  const shown = hours ?? data.inForce.hours;
  const most = Math.max(...data.points.map((point) => point.hours));
  const n = (value: number) => formatNumber(Number(value.toPrecision(3)), lang);
  const share = (value: number) => `${(value * 100).toFixed(1)}%`;
  return (
    <>
      <Card
        title={t('advisor-title')}
        extra={
          <span className="xk-muted">
            {data.sample.whole
              ? t('sample-whole', { n: data.sample.of })
              : t('sample', { n: n(data.sample.customers), of: n(data.sample.of) })}
          </span>
        }
      >
        <p className="xk-muted">{t('advisor-hint')}</p>
        <CurvePlot data={data} hours={shown} />
        <label className="xk-budget">
          <span>{t('budget', { n: n(shown) })}</span>
          <input
            type="range"
            min={0}
            max={most}
            step={most / 200}
            value={shown}
            aria-valuetext={t('budget', { n: n(shown) })}
            onChange={(event) => setHours(event.target.valueAsNumber)}
          />
        </label>
        <dl className="xk-advisor-figures">
          <div>
            <dt>{t('buys')}</dt>
            <dd>{share(data.asked.freshness)}</dd>
          </div>
          <div>
            <dt>{t('one-more')}</dt>
            <dd>{t('points', { n: (data.asked.perHour * 100).toPrecision(2) })}</dd>
          </div>
          <div>
            <dt>{t('now-is')}</dt>
            <dd>{t('now-value', { share: share(data.inForce.freshness), hours: n(data.inForce.hours) })}</dd>
          </div>
          {data.needed.map((need) => (
            <div key={need.freshness}>
              <dt>{t('needs', { share: `${need.freshness * 100}%` })}</dt>
              <dd>{t('hours-week', { n: n(need.hours) })}</dd>
            </div>
          ))}
        </dl>
      </Card>
      <BestRules data={data} policies={policies} />
    </>
  );
}

const BOX = { left: 58, top: 14, width: 630, height: 218 };

function CurvePlot({ data, hours }: { data: Curve; hours: number }) {
  const t = useAdviceText();
  const points = data.points.map(({ hours: x, freshness: y }) => ({ x, y }));
  const lowest = Math.min(...points.slice(1).map((point) => point.y), data.inForce.freshness);
  const floor = Math.max(0, Math.floor(lowest * 10) / 10);
  const plot = plotOf(points, floor, BOX);
  const most = Math.max(...points.map((point) => point.x));
  const levels = Array.from({ length: 6 }, (_, i) => floor + ((1 - floor) * i) / 5);
  const bottom = BOX.top + BOX.height;
  return (
    <svg viewBox="0 0 710 270" className="xk-curve" role="img" aria-label={t('curve-label')}>
      {levels.map((level) => (
        <g key={level}>
          <line
            x1={BOX.left}
            x2={BOX.left + BOX.width}
            y1={plot.y(level)}
            y2={plot.y(level)}
            className="xk-curve-grid"
          />
          <text x={BOX.left - 8} y={plot.y(level) + 4} textAnchor="end">
            {Math.round(level * 100)}%
          </text>
        </g>
      ))}
      {ticks(most).map((tick) => (
        <text key={tick} x={plot.x(tick)} y={bottom + 18} textAnchor="middle">
          {Number(tick.toPrecision(4))}
        </text>
      ))}
      <text x={BOX.left + BOX.width} y={bottom + 34} textAnchor="end">
        {t('axis-hours')}
      </text>
      <path d={plot.path} className="xk-curve-line" />
      <line x1={plot.x(hours)} x2={plot.x(hours)} y1={BOX.top} y2={bottom} className="xk-curve-budget" />
      <circle cx={plot.x(hours)} cy={plot.y(data.asked.freshness)} r="6" className="xk-curve-asked" />
      <g className="xk-curve-now">
        <rect x={plot.x(data.inForce.hours) - 5} y={plot.y(data.inForce.freshness) - 5} width="10" height="10" />
        <text x={plot.x(data.inForce.hours) + 10} y={plot.y(data.inForce.freshness) + 16}>
          {t('policy-now')}
        </text>
      </g>
    </svg>
  );
}

function BestRules({ data, policies }: { data: Curve; policies: Policies['policies'] }) {
  const t = useAdviceText();
  const words = usePolicyText();
  const label = useLabel();
  const toasts = useToasts();
  const catalog = useCatalog();
  const queryClient = useQueryClient();
  const often = (days: number | null) => {
    if (days === null) return t('not-worth');
    const how = roughlyOften(days);
    return 'n' in how ? words(how.text, { n: how.n }) : words(how.text);
  };
  // General rules only: those of segments stay what somebody made them.
  const general = data.rules.filter((rule) => rule.segment === 0).sort((a, b) => (a.days ?? 1e9) - (b.days ?? 1e9));
  const adopt = useMutation({
    mutationFn: () => {
      const best = new Map(general.map((rule) => [`${rule.object}.${rule.field}`, rule]));
      const next = policies.map(stated).map((policy) => {
        const rule = policy.segment ? undefined : best.get(`${policy.object}.${policy.field}`);
        if (!rule || rule.fixed) return policy;
        return { ...policy, everyDays: Math.min(3650, Math.max(1, Math.round(rule.days ?? 3650))) };
      });
      const reason = t('adopt-reason', { n: Number(data.asked.hours.toPrecision(3)) });
      return call(api.freshness.savePolicies, { body: { policies: next, reason } });
    },
    onSuccess: async ({ version }) => {
      toasts.success(words('saved', { n: version }));
      await queryClient.invalidateQueries({ queryKey: keys.policies });
    },
    onError: (failure) => toasts.error(sentence(failure)),
  });
  return (
    <Card
      title={t('best-title')}
      extra={
        <Button onClick={() => adopt.mutate()} loading={adopt.isPending}>
          {t('adopt')}
        </Button>
      }
    >
      <p className="xk-muted">{t('best-hint')}</p>
      <table className="xk-plain-table">
        <thead>
          <tr>
            <th scope="col">{words('field')}</th>
            <th scope="col">{t('best-now')}</th>
            <th scope="col">{t('best')}</th>
          </tr>
        </thead>
        <tbody>
          {general.map((rule) => {
            const object = catalog.objects.find((one) => one.name === rule.object);
            const field = object?.fields.find((one) => one.name === rule.field);
            return (
              <tr key={`${rule.object}.${rule.field}`}>
                <th scope="row">
                  <span className="xk-muted">{label(object?.label)}</span> {label(field?.label) || rule.field}
                </th>
                <td>{often(rule.daysNow)}</td>
                <td>
                  <strong>{often(rule.days)}</strong>{' '}
                  {rule.fixed && <span className="xk-muted">{words('deadline')}</span>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Card>
  );
}
