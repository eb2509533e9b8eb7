import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { Choices } from '../../ui/choices.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, EmptyState, Skeleton } from '../../ui/page.tsx';
import type { Listed } from './deal-list.tsx';
import { Forecast } from './forecast.tsx';
import { Funnel } from './funnel.tsx';
import { useSalesText } from './texts.ts';
import { useForecast, useFunnel, type Whose } from './use-sales.ts';
import '../../ui/plain.css';
import './sales.css';

const DealList = lazy(async () => ({ default: (await import('./deal-list.tsx')).DealList }));

const PERIODS = ['90', '180', '365'] as const;
const HORIZONS = ['30', '91', '182'] as const;

/** Funnel and forecast of one object with stages. */
export function SalesPage({ object }: { object: ObjectDef }) {
  const t = useSalesText();
  const [whose, setWhose] = useState<Whose>('all');
  const [period, setPeriod] = useState<(typeof PERIODS)[number]>('365');
  const [horizon, setHorizon] = useState<(typeof HORIZONS)[number]>('91');
  const [list, setList] = useState<Listed | null>(null);
  const funnel = useFunnel(object.name, whose, Number(period));
  const forecast = useForecast(object.name, whose, Number(horizon));
  const nothing = funnel.data?.deals === 0 && forecast.data?.open === 0 && whose === 'all' && period === '365';
  if (nothing)
    return (
      <EmptyState
        title={t('empty')}
        hint={t('empty-hint')}
        action={
          <Link to="/o/$object" params={{ object: object.name }} className="xk-button">
            {t('to-board')}
          </Link>
        }
      />
    );
  return (
    <div className="xk-sales">
      <div className="xk-sales-tools">
        {object.owner && (
          <Choices<Whose>
            label={t('whose')}
            value={whose}
            options={[
              { value: 'all', label: t('everyone') },
              { value: 'mine', label: t('mine') },
            ]}
            onChange={setWhose}
          />
        )}
      </div>
      <Card
        title={t('funnel')}
        extra={
          <Choices<(typeof PERIODS)[number]>
            label={t('period')}
            value={period}
            options={PERIODS.map((value) => ({ value, label: t(`period-${value}`) }))}
            onChange={setPeriod}
          />
        }
      >
        {funnel.isPending && <Skeleton lines={6} />}
        {funnel.error && <Failure error={funnel.error} onRetry={() => void funnel.refetch()} />}
        {funnel.data && <Funnel found={funnel.data} onList={setList} />}
      </Card>
      <Card
        title={t('forecast')}
        extra={
          <Choices<(typeof HORIZONS)[number]>
            label={t('within')}
            value={horizon}
            options={HORIZONS.map((value) => ({ value, label: t('within-days', { n: value }) }))}
            onChange={setHorizon}
          />
        }
      >
        {forecast.isPending && <Skeleton lines={6} />}
        {forecast.error && <Failure error={forecast.error} onRetry={() => void forecast.refetch()} />}
        {forecast.data && <Forecast found={forecast.data} days={Number(horizon)} />}
      </Card>
      {list && (
        <Suspense fallback={null}>
          <DealList object={object} list={list} onClose={() => setList(null)} />
        </Suspense>
      )}
    </div>
  );
}
