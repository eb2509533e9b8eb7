import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { formatNumber } from '../../i18n/phrase.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { FieldMarks } from './field-marks.tsx';
import { privacyKeys, usePurposes } from './privacy-api.ts';
import type { PrivacyTab } from './privacy-page.tsx';
import { usePrivacyText } from './texts/texts.ts';

/** What is held, why, until when, who saw it. */
export function Overview({ onTab }: { onTab(tab: PrivacyTab): void }) {
  const t = usePrivacyText();
  const lang = useLang();
  const label = useLabel();
  const toasts = useToasts();
  const client = useQueryClient();
  const { objects } = useCatalog();
  const purposes = usePurposes();
  const { data, error, refetch } = useQuery({
    queryKey: [...privacyKeys.all, 'overview'],
    queryFn: ({ signal }) => call(api.privacy.overview, { signal }),
  });
  const look = useMutation({
    mutationFn: () => call(api.privacy.classify),
    onSuccess: ({ marks }) => {
      toasts.success(t('looked', { n: marks.length }));
      void client.invalidateQueries({ queryKey: privacyKeys.all });
    },
    onError: (problem) => toasts.error(sentence(problem)),
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={8} />;
  const { requests, warned, marks, erasures } = data;
  const objectName = (name: string) => label(objects.find((one) => one.name === name)?.label) || name;
  const purposeName = (id: string) => label(purposes.data?.find((one) => one.id === id)?.label) || id;
  const figures: {
    key: 'open' | 'warned' | 'marks' | 'erasures';
    n: number;
    tab?: PrivacyTab;
    sub: string;
    hot?: boolean;
  }[] = [
    { key: 'open', n: requests.open, tab: 'requests', sub: t('fig-open-sub', requests), hot: requests.overdue > 0 },
    { key: 'warned', n: warned, tab: 'retention', sub: t('fig-warned-sub', { n: warned }) },
    { key: 'marks', n: marks, sub: t('fig-marks-sub', { n: marks }), hot: marks > 0 },
    { key: 'erasures', n: erasures, tab: 'erasures', sub: t('fig-erasures-sub', { n: erasures }) },
  ];
  return (
    <>
      <ul className="xk-privacy-figures">
        {figures.map(({ key, n, tab, sub, hot }) => (
          <li key={key}>
            <button
              type="button"
              onClick={() =>
                tab ? onTab(tab) : document.getElementById('xk-marks')?.scrollIntoView({ block: 'start' })
              }
            >
              <span className="xk-muted">{t(`fig-${key}`)}</span>
              <strong className={hot ? 'xk-over' : undefined}>{formatNumber(n, lang)}</strong>
              <span className="xk-muted">{sub}</span>
            </button>
          </li>
        ))}
      </ul>
      <FieldMarks onLook={() => look.mutate()} looking={look.isPending} />
      <Card title={t('held')}>
        {data.fields.length === 0 ? (
          <p className="xk-muted">{t('held-none')}</p>
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: wider than a phone, so it scrolls, and what scrolls must be reached by keyboard
          <section className="xk-scroll" tabIndex={0} aria-label={t('held')}>
            <table className="xk-plain-table">
              <thead>
                <tr>
                  {(['field', 'object', 'mark', 'values', 'why', 'until'] as const).map((head) => (
                    <th key={head} scope="col">
                      {t(head)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {data.fields.map((field) => (
                  <tr key={`${field.object}.${field.field}`}>
                    <th scope="row">{label(field.label)}</th>
                    <td>{objectName(field.object)}</td>
                    <td>
                      <Badge tone={field.sensitivity === 'sensitive' ? 'warn' : 'plain'}>{t(field.sensitivity)}</Badge>
                    </td>
                    <td className="xk-num">{formatNumber(field.values, lang)}</td>
                    <td>
                      {field.purposes.map(purposeName).join(', ') || (
                        <span className="xk-muted">{t('no-purpose')}</span>
                      )}
                    </td>
                    <td>{field.rules.join(', ') || <span className="xk-muted">{t('no-rule')}</span>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )}
      </Card>
      <Card title={t('looks')}>
        <p className="xk-muted xk-privacy-hint">{t('looks-hint')}</p>
        {data.looks.length === 0 ? (
          <p className="xk-muted">{t('looks-none')}</p>
        ) : (
          <table className="xk-plain-table">
            <thead>
              <tr>
                {(['who', 'looks-reads', 'looks-records', 'looks-exports'] as const).map((head) => (
                  <th key={head} scope="col">
                    {t(head)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.looks.map((one) => (
                <tr key={one.actor}>
                  <th scope="row">{one.name}</th>
                  <td>{formatNumber(one.reads, lang)}</td>
                  <td>{formatNumber(one.records, lang)}</td>
                  <td>{formatNumber(one.exports, lang)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Card>
    </>
  );
}
