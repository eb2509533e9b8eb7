import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { keys } from '../../api/query.ts';
import { useLang } from '../../i18n/core.ts';
import { formatNumber } from '../../i18n/phrase.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, Skeleton } from '../../ui/page.tsx';
import { useEvaluationText } from './texts.ts';

/** Who verifies how; what deserves a second look. For administrators only. */
export function Verifiers() {
  const t = useEvaluationText();
  const lang = useLang();
  const { data, error, refetch } = useQuery({
    queryKey: [...keys.policies, 'verifiers'],
    queryFn: ({ signal }) => call(api.advice.verifiers, { signal }),
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={4} />;
  return (
    <Card title={t('verifiers-title')} extra={<span className="xk-muted">{t('cal-days', { n: data.days })}</span>}>
      <p className="xk-muted">{t('verifiers-hint')}</p>
      {data.verifiers.length === 0 ? (
        <p className="xk-muted">{t('verifiers-none')}</p>
      ) : (
        <table className="xk-plain-table">
          <thead>
            <tr>
              <th scope="col">{t('person')}</th>
              <th scope="col">{t('verifications')}</th>
              <th scope="col">{t('burst')}</th>
              <th scope="col">{t('found-expected')}</th>
              <th scope="col">{t('counts-for')}</th>
              <th scope="col">{t('look-again')}</th>
            </tr>
          </thead>
          <tbody>
            {data.verifiers.map((one) => (
              <tr key={one.actor}>
                <th scope="row">{one.name}</th>
                <td>{formatNumber(one.verifications, lang)}</td>
                <td>{formatNumber(one.burst, lang)}</td>
                <td>
                  {one.changed} / {one.expected.toFixed(1)}
                </td>
                <td>
                  {Math.round(100 * one.reliability)}%
                  {one.rechecked > 0 && (
                    <small className="xk-muted"> {t('held-of', { held: one.held, n: one.rechecked })}</small>
                  )}
                </td>
                <td>
                  {one.patterns.map((pattern) => t(`pattern-${pattern}`)).join(t('comma')) || '–'}
                  {one.patterns.length > 0 && (
                    <>
                      {' '}
                      <Link to="/checks" search={{ recheck: one.actor }} className="xk-rows-of">
                        {t('recheck-some')}
                        <span className="xk-visually-hidden">: {one.name}</span>
                      </Link>
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}
