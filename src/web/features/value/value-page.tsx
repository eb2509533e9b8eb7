import { SettingOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { OCTANTS } from '../../../domain/value/octant.ts';
import { useMay } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, EmptyState, Skeleton } from '../../ui/page.tsx';
import { Moves } from './moves.tsx';
import { useValueText } from './texts.ts';
import { useOverview, useValueWords } from './use-value.ts';
import '../../ui/plain.css';
import './value.css';

const ValueSettings = lazy(async () => ({ default: (await import('./value-settings.tsx')).ValueSettings }));

/** The eight types with how many customers and what they are worth, and how customers moved between them. */
export function ValuePage() {
  const t = useValueText();
  const words = useValueWords();
  const label = useLabel();
  const maySet = useMay('settings');
  const [setting, setSetting] = useState(false);
  const { data, error, refetch } = useOverview();
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={10} />;
  const { settings, octants, computedAt, sums } = data;
  const open = (
    <Button icon={<SettingOutlined />} onClick={() => setSetting(true)}>
      {t('set-up')}
    </Button>
  );
  const drawer = setting && (
    <Suspense fallback={null}>
      <ValueSettings settings={settings} version={data.version} onClose={() => setSetting(false)} />
    </Suspense>
  );
  if (!settings.on && computedAt === null)
    return (
      <>
        <EmptyState title={t('off')} hint={maySet ? t('off-hint') : t('off-others')} action={maySet && open} />
        {drawer}
      </>
    );
  const bought = octants.filter(({ octant }) => octant !== null);
  const all = bought.reduce((sum, { customers }) => sum + customers, 0);
  const worth = bought.reduce((sum, { amount }) => sum + Number(amount ?? 0), 0);
  const { thresholds, months } = settings;
  return (
    <div className="xk-value">
      <Card
        title={computedAt === null ? t('computing') : t('computed', { at: momentOf(computedAt) })}
        extra={maySet && open}
      >
        <p className="xk-muted">
          {t('rules', {
            months,
            count: words.number(thresholds.count),
            amount: words.number(thresholds.amount),
            years: words.years(thresholds.years),
          })}
        </p>
        <div className="xk-scroll">
          <table className="xk-plain-table xk-value-table">
            <thead>
              <tr>
                <th>{t('type')}</th>
                <th>{t('customers')}</th>
                <th>{t('share')}</th>
                {sums && <th>{t('deals')}</th>}
                {sums && <th>{t('amount')}</th>}
              </tr>
            </thead>
            <tbody>
              {octants.map(({ octant, customers, deals, amount }) => {
                const about = OCTANTS.find(({ value }) => value === octant);
                const filter = JSON.stringify(
                  octant === null
                    ? { field: 'value_octant', op: 'empty' }
                    : { field: 'value_octant', op: 'eq', value: octant },
                );
                return (
                  <tr key={octant ?? ''}>
                    <th scope="row">
                      <strong>{words.octant(octant)}</strong>
                      {about && <small className="xk-muted">{label(about.about)}</small>}
                    </th>
                    <td>
                      <Link to="/customers" search={{ filter }}>
                        {words.number(customers)}
                      </Link>
                    </td>
                    <td>
                      {octant !== null && all > 0 && (
                        <span className="xk-value-share">
                          {words.percent(customers / all)}
                          <i style={{ width: `${Math.round((100 * customers) / all)}%` }} />
                        </span>
                      )}
                    </td>
                    {sums && <td>{octant !== null && words.number(deals ?? 0)}</td>}
                    {sums && <td>{octant !== null && words.number(Number(amount ?? 0))}</td>}
                  </tr>
                );
              })}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">{t('total')}</th>
                <td>{words.number(all)}</td>
                <td />
                {sums && <td />}
                {sums && <td>{words.number(worth)}</td>}
              </tr>
            </tfoot>
          </table>
        </div>
      </Card>
      <Moves />
      {drawer}
    </div>
  );
}

const momentOf = (at: string): string => new Date(at).toLocaleString();
