import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { keys, useMay } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Choices } from '../../ui/choices.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, EmptyState, Skeleton } from '../../ui/page.tsx';
import { PolicyTable } from './policy-table.tsx';
import type { Policies } from './policy-words.ts';
import { usePolicyText } from './texts.ts';
import '../../ui/plain.css';
import './policies.css';

// What not everyone opens comes when it is opened.
const ScenarioDialog = lazy(() => import('./scenario-dialog.tsx').then((m) => ({ default: m.ScenarioDialog })));
const VersionsDialog = lazy(() => import('./versions-dialog.tsx').then((m) => ({ default: m.VersionsDialog })));
const Advisor = lazy(() => import('./advisor.tsx').then((m) => ({ default: m.Advisor })));

const VIEWS = ['table', 'advisor'] as const;
type View = (typeof VIEWS)[number];

/** The policy in force: scenario, one line per field and segment, how far the re-planning is; what it costs. */
export function PolicyPage() {
  const admin = useMay('policies');
  const t = usePolicyText();
  const [open, setOpen] = useState<'scenario' | 'versions' | null>(null);
  const [view, setView] = useState<View>('table');
  const { data, error, refetch } = useQuery({
    queryKey: keys.policies,
    queryFn: ({ signal }): Promise<Policies> => call(api.freshness.policies, { signal }),
    refetchInterval: (query) => (query.state.data?.replan.running ? 1500 : false),
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton title lines={12} />;
  return (
    <div className="xk-policies">
      <Scenario
        data={data}
        actions={
          <>
            <Button onClick={() => setOpen('versions')}>{t('versions')}</Button>
            {admin && <Button onClick={() => setOpen('scenario')}>{t('scenario-change')}</Button>}
          </>
        }
      />
      {admin && (
        <Choices<View>
          label={t('view')}
          value={view}
          onChange={setView}
          options={VIEWS.map((value) => ({ value, label: t(`view-${value}`) }))}
        />
      )}
      <Suspense fallback={<Skeleton title lines={10} />}>
        {view === 'advisor' && <Advisor policies={data.policies} />}
        {view === 'table' && data.policies.length > 0 && (
          <PolicyTable key={data.version} data={data} editable={admin} />
        )}
      </Suspense>
      {view === 'table' && data.policies.length === 0 && (
        <EmptyState
          title={t('none-title')}
          hint={t('none-hint')}
          action={
            admin && (
              <Button type="primary" onClick={() => setOpen('scenario')}>
                {t('scenario-change')}
              </Button>
            )
          }
        />
      )}
      <Suspense fallback={null}>
        {open === 'scenario' && <ScenarioDialog onClose={() => setOpen(null)} />}
        {open === 'versions' && (
          <VersionsDialog editable={admin} inForce={data.version} onClose={() => setOpen(null)} />
        )}
      </Suspense>
    </div>
  );
}

function Scenario({ data, actions }: { data: Policies; actions: ReactNode }) {
  const t = usePolicyText();
  const label = useLabel();
  const { data: presets } = useQuery({
    queryKey: [...keys.policies, 'presets'],
    queryFn: ({ signal }) => call(api.freshness.presets, { signal }),
  });
  const preset = presets?.presets.find((one) => one.id === data.scenario);
  const { replan } = data;
  return (
    <Card>
      <div className="xk-scenario">
        <div>
          <span className="xk-muted">{t('scenario')}</span>
          <h2>{preset ? label(preset.label) : (data.scenario ?? t('scenario-none'))}</h2>
          {preset && <p className="xk-muted">{label(preset.description)}</p>}
        </div>
        <span className="xk-muted xk-num">{t('version', { n: data.version })}</span>
        {actions}
      </div>
      {replan.running && (
        <div className="xk-replan" role="status">
          <span>
            {t('replanning')} · {t('replan-done', { done: replan.done, total: replan.total })}
          </span>
          <progress aria-label={t('replanning')} max={Math.max(1, replan.total)} value={replan.done} />
        </div>
      )}
    </Card>
  );
}
