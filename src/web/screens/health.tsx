import { useNavigate, useSearch } from '@tanstack/react-router';
import { Select } from 'antd';
import { lazy, Suspense } from 'react';
import { useCatalog, useMay, useSession } from '../api/query.ts';
import { HealthReport } from '../features/health/health-report.tsx';
import { useHealthText } from '../features/health/texts.ts';
import { useLabel } from '../i18n/core.ts';
import { Page, PageHeader } from '../ui/page.tsx';

const OwnBoard = lazy(async () => ({ default: (await import('../features/evaluation/board.tsx')).OwnBoard }));
const HealthScans = lazy(async () => ({ default: (await import('./health-scans.tsx')).HealthScans }));

/** `?object=` chooses what is looked at; `?import=` makes it the first report after that import. */
export function HealthScreen() {
  const t = useHealthText();
  const label = useLabel();
  const navigate = useNavigate();
  const search = useSearch({ from: '/app/health' });
  const objects = useCatalog().objects.filter((object) => !object.retired && !object.appendOnly);
  const object = search.object ?? 'customer';
  const scanned = objects.find((one) => one.name === object);
  const { account } = useSession();
  const answersForAll = useMay('quality');
  return (
    <Page>
      <PageHeader
        title={t('title')}
        hint={t('hint')}
        actions={
          objects.length > 1 && (
            <Select
              aria-label={t('object')}
              value={object}
              onChange={(next: string) => void navigate({ to: '/health', search: { object: next } })}
              options={objects.map((one) => ({ value: one.name, label: label(one.label) }))}
              popupMatchSelectWidth={false}
            />
          )
        }
      />
      <HealthReport object={object} importId={search.import ?? null} />
      {!answersForAll && (
        <Suspense fallback={null}>
          <OwnBoard />
        </Suspense>
      )}
      {account.role === 'admin' && scanned && (
        <Suspense fallback={null}>
          <HealthScans object={scanned} />
        </Suspense>
      )}
    </Page>
  );
}
