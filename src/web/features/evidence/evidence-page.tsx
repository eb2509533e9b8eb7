import { PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { EvidenceKindRow } from '../../../contract/evidence.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, Skeleton } from '../../ui/page.tsx';
import { useKinds } from './evidence-api.ts';
import { beliefAfter, groupOf, percent } from './kind-words.ts';
import { KindsTable } from './kinds-table.tsx';
import { Sources } from './sources.tsx';
import { useEvidenceText } from './texts.ts';
import './evidence.css';

const KindDrawer = lazy(() => import('./kind-drawer.tsx').then((m) => ({ default: m.KindDrawer })));

/** What everyday work says about values, how much each sign counts, and which imports are trusted. */
export function EvidencePage() {
  const t = useEvidenceText();
  const { data, error, refetch } = useKinds();
  const [months, setMonths] = useState(6);
  const [editing, setEditing] = useState<EvidenceKindRow | 'new' | null>(null);
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton title lines={14} />;
  const of = (group: string) => data.kinds.filter((row) => groupOf(row) === group);
  return (
    <div className="xk-evidence">
      <Card
        title={t('signals-title')}
        extra={
          <Button icon={<PlusOutlined />} onClick={() => setEditing('new')}>
            {t('add')}
          </Button>
        }
      >
        <label className="xk-evidence-sample">
          <span>{t('sample', { n: months })}</span>
          <input
            type="range"
            aria-label={t('sample-label')}
            min={0}
            max={36}
            value={months}
            onChange={({ target }) => setMonths(target.valueAsNumber)}
          />
          <output className="xk-muted xk-num">{t('sample-now', { p: percent(beliefAfter(months)) })}</output>
        </label>
        <KindsTable rows={of('signal')} months={months} onEdit={setEditing} />
      </Card>
      <Sources />
      <Card title={t('events-title')}>
        <p className="xk-muted">{t('events-hint')}</p>
        <KindsTable rows={of('event')} months={months} onEdit={setEditing} />
      </Card>
      <Card title={t('verifications-title')}>
        <p className="xk-muted">{t('verifications-hint')}</p>
        <KindsTable rows={of('verification')} months={months} />
      </Card>
      <Suspense fallback={null}>
        {editing && (
          <KindDrawer
            row={editing === 'new' ? null : editing}
            taken={data.kinds.map((row) => row.kind)}
            months={months}
            onClose={() => setEditing(null)}
          />
        )}
      </Suspense>
    </div>
  );
}
