import { PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { TrustedSource } from '../../../contract/evidence.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel, useText } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, Skeleton } from '../../ui/page.tsx';
import { useSources } from './evidence-api.ts';
import { useEvidenceText } from './texts.ts';

const SourceDrawer = lazy(() => import('./source-drawer.tsx').then((m) => ({ default: m.SourceDrawer })));

/** Imports whose columns count as verified. */
export function Sources() {
  const t = useEvidenceText();
  const words = useText();
  const { data, error, refetch } = useSources();
  const [editing, setEditing] = useState<number | 'new' | null>(null);
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={3} />;
  const { sources } = data;
  return (
    <Card
      title={t('sources-title')}
      extra={
        <Button icon={<PlusOutlined />} onClick={() => setEditing('new')}>
          {t('source-add')}
        </Button>
      }
    >
      <p className="xk-muted">{t('sources-hint')}</p>
      {sources.length === 0 ? (
        <p className="xk-muted xk-sources-none">{t('sources-none')}</p>
      ) : (
        <ul className="xk-kinds">
          {sources.map((source, index) => (
            <li key={`${source.name} ${source.match}`}>
              <span className="xk-kind-name">
                <strong>{source.name}</strong>
                <small className="xk-muted">
                  <SourceLine source={source} />
                </small>
              </span>
              <span className="xk-kind-weight">
                <Badge tone={source.strength === 'strong' ? 'brand' : 'plain'}>{t(`trust-${source.strength}`)}</Badge>
              </span>
              <span className="xk-kind-do">
                <Button
                  size="small"
                  aria-label={t('source-edit', { name: source.name })}
                  onClick={() => setEditing(index)}
                >
                  {words('edit')}
                </Button>
              </span>
            </li>
          ))}
        </ul>
      )}
      <Suspense fallback={null}>
        {editing !== null && <SourceDrawer sources={sources} at={editing} onClose={() => setEditing(null)} />}
      </Suspense>
    </Card>
  );
}

function SourceLine({ source }: { source: TrustedSource }) {
  const t = useEvidenceText();
  const label = useLabel();
  const { objects } = useCatalog();
  const fields = source.fields.map((name) => {
    const [object, field] = name.split('.');
    const found = objects.find((one) => one.name === object)?.fields.find((one) => one.name === field);
    return found ? label(found.label) : name;
  });
  return <>{t('source-line', { match: source.match, fields: fields.join(t('comma')) })}</>;
}
