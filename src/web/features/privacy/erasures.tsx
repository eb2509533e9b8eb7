import { useQuery } from '@tanstack/react-query';
import { api } from '../../../contract/api.ts';
import type { ErasureView } from '../../../contract/privacy.ts';
import { call } from '../../api/client.ts';
import { useCatalog } from '../../api/query.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, EmptyState, Skeleton } from '../../ui/page.tsx';
import { privacyKeys } from './privacy-api.ts';
import { usePrivacyText } from './texts/texts.ts';

const isWorking = ({ state }: ErasureView) => state === 'waiting' || state === 'working';

/** What was erased: when, by whom, on what ground, how much; never what. */
export function Erasures() {
  const t = usePrivacyText();
  const { data, error, refetch } = useQuery({
    queryKey: [...privacyKeys.all, 'erasures'],
    queryFn: async ({ signal }) => (await call(api.privacy.erasures, { signal })).erasures,
    refetchInterval: ({ state }) => (state.data?.some(isWorking) ? 2000 : false),
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} />;
  if (data.length === 0) return <EmptyState title={t('erasures-none')} hint={t('erasures-none-hint')} />;
  return (
    <Card>
      <ul className="xk-privacy-list">
        {data.map((erasure) => (
          <ErasureLine key={erasure.id} erasure={erasure} />
        ))}
      </ul>
    </Card>
  );
}

function ErasureLine({ erasure }: { erasure: ErasureView }) {
  const t = usePrivacyText();
  const lang = useLang();
  const label = useLabel();
  const at = useDateFormat(DAY_AND_TIME);
  const { objects } = useCatalog();
  const { report } = erasure;
  const objectName = (name: string) => label(objects.find((one) => one.name === name)?.label) || name;
  const sum = (counts: Record<string, number> | undefined) =>
    Object.values(counts ?? {}).reduce((all, n) => all + n, 0);
  const parts = [
    ...Object.entries(report.records ?? {}).map(([name, n]) => t('rep-records', { n, object: objectName(name) })),
    ...(report.fields ? [t('rep-fields', { n: report.fields })] : []),
    ...(report.deltas ? [t('rep-deltas', { n: report.deltas })] : []),
    ...(sum(report.copies) ? [t('rep-copies', { n: sum(report.copies) })] : []),
    ...(report.files ? [t('rep-files', { n: report.files })] : []),
    ...(report.audit ? [t('rep-audit', { n: report.audit })] : []),
    ...(sum(report.mentions) ? [t('rep-mentions', { n: sum(report.mentions) })] : []),
  ];
  return (
    <li>
      <span className="xk-privacy-what">
        <strong>{t(`mode-${erasure.mode}`)}</strong> · {t(`ground-${erasure.ground}`)}
        <span className="xk-muted">
          {' · '}
          {t('by-at', { name: erasure.byName || t('rules'), at: at.format(new Date(erasure.at)) })}
        </span>
        <p className="xk-privacy-words">{parts.join(lang === 'zh' ? '，' : ', ')}</p>
        {erasure.state === 'done' && (
          <p className="xk-privacy-words">{t(erasure.scrubbed ? 'scrubbed' : 'unscrubbed')}</p>
        )}
        {erasure.error && <p className="xk-privacy-words xk-over">{t('erase-failed', { code: erasure.error })}</p>}
      </span>
      <Badge tone={erasure.state === 'done' ? 'brand' : 'plain'}>{t(`es-${erasure.state}`)}</Badge>
    </li>
  );
}
