import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useAccounts } from '../../api/query.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { useLabel } from '../../i18n/core.ts';
import { formatShare } from '../../i18n/phrase.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { type Finding, findingsOf, type Remedy, type Scan } from './findings.ts';
import { FoundRecords } from './found-records.tsx';
import { useScanText } from './texts.ts';
import './scans.css';

const WORKING_MS = 1000;
const SILENT_DAYS = 180;

/** What the last scan of an object found, against the one before, each with what can be done about it in one click. */
export function ScansPanel({
  object,
  marked,
  onRemedy,
}: {
  object: ObjectDef;
  /** Whether the object has a mark for what is to be verified. */
  marked: boolean;
  /** A mass operation on what was found. */
  onRemedy(remedy: Exclude<Remedy, 'check' | 'review'>, scan: Scan, finding: Finding): void;
}) {
  const t = useScanText();
  const toasts = useToasts();
  const client = useQueryClient();
  const queryKey = ['scans', object.name];
  const [days, setDays] = useState(SILENT_DAYS);
  const { data, error, refetch } = useQuery({
    queryKey,
    queryFn: async ({ signal }) => (await call(api.scans.list, { query: { object: object.name }, signal })).scans,
    refetchInterval: ({ state }) => (state.data?.[0]?.state === 'running' ? WORKING_MS : false),
  });
  const start = useMutation({
    mutationFn: () => call(api.scans.start, { body: { object: object.name, silentDays: days } }),
    onSuccess: () => client.invalidateQueries({ queryKey }),
    onError: (problem) => toasts.error(sentence(problem)),
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton title lines={4} />;
  const running = data[0]?.state === 'running' ? data[0] : undefined;
  const [last, before] = data.filter((one) => one.figures !== null);
  const words = t('running', {
    done: (running?.progress.done ?? 0).toLocaleString(),
    total: (running?.progress.total ?? 0).toLocaleString(),
  });
  return (
    <Card
      title={t('title')}
      extra={
        <span className="xk-scan-start">
          <label>
            <span className="xk-muted">{t('silent-days')}</span>{' '}
            <input
              className="xk-plain-input xk-small-input"
              type="number"
              min={1}
              max={3650}
              value={days}
              onChange={(event) => setDays(Number(event.target.value))}
            />
          </label>
          <Button
            disabled={running !== undefined || !(days >= 1 && days <= 3650)}
            loading={start.isPending}
            onClick={() => start.mutate()}
          >
            {t('start')}
          </Button>
        </span>
      }
    >
      <p className="xk-muted">{t('hint')}</p>
      {running && (
        <p role="status">
          <progress value={running.progress.done} max={Math.max(1, running.progress.total)} aria-label={words} />{' '}
          {words}
        </p>
      )}
      {data[0]?.state === 'failed' && <p role="alert">{t('failed')}</p>}
      {last ? (
        <Found object={object} last={last} before={before} marked={marked} onRemedy={onRemedy} />
      ) : (
        !running && <p>{t('never')}</p>
      )}
    </Card>
  );
}

function Found({
  object,
  last,
  before,
  marked,
  onRemedy,
}: Parameters<typeof ScansPanel>[0] & { last: Scan; before: Scan | undefined }) {
  const t = useScanText();
  const label = useLabel();
  const at = useDateFormat(DAY_AND_TIME);
  const accounts = useAccounts();
  const [shown, setShown] = useState<Finding | null>(null);
  const findings = findingsOf(last, before, { assign: object.owner !== undefined, mark: marked });
  const nameOf = (name: string) => label(object.fields.find((one) => one.name === name)?.label) || name;
  const wordsOf = ({ what, field }: Finding) =>
    t(what, { field: nameOf(field), days: last.figures?.silent?.days ?? SILENT_DAYS });
  const by = last.by?.replace(/^user:/, '');
  return (
    <>
      <p className="xk-muted">
        {t('last', { at: at.format(new Date(last.at)), n: last.figures?.records ?? 0 })} ·{' '}
        {by ? t('by', { name: accounts.find(({ id }) => id === by)?.name ?? '' }) : t('auto')}
      </p>
      {findings.length === 0 ? (
        <p>{t('clean')}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: wider than a phone, so it scrolls, and what scrolls must be reached by keyboard
        <section className="xk-scan-scroll" tabIndex={0} aria-label={t('title')}>
          <table className="xk-scan-table">
            <thead>
              <tr>
                {(['what', 'count', 'share', 'trend', 'remedies'] as const).map((head) => (
                  <th key={head} scope="col">
                    {t(head)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {findings.map((finding) => {
                const what = wordsOf(finding);
                return (
                  <tr key={finding.kind}>
                    <th scope="row">{what}</th>
                    <td className="xk-num">
                      {finding.what === 'duplicates' ? (
                        <Link to="/duplicates" search={{ object: object.name }}>
                          {finding.count.toLocaleString()}
                        </Link>
                      ) : (
                        <Button
                          type="text"
                          size="small"
                          aria-label={t('rows', { n: finding.count.toLocaleString(), what })}
                          onClick={() => setShown(finding)}
                        >
                          {finding.count.toLocaleString()}
                        </Button>
                      )}
                    </td>
                    <td className="xk-num">{finding.share === null ? '' : formatShare(finding.share)}</td>
                    <td className="xk-num">{trend(finding.since, t)}</td>
                    <td>
                      <span className="xk-scan-remedies">
                        {finding.remedies.map((remedy) =>
                          remedy === 'check' ? (
                            <Link key={remedy} to="/checks" aria-label={t('remedy-of', { remedy: t(remedy), what })}>
                              {t(remedy)}
                            </Link>
                          ) : remedy === 'review' ? (
                            <Link key={remedy} to="/duplicates" search={{ object: object.name }}>
                              {t(remedy)}
                            </Link>
                          ) : (
                            <Button
                              key={remedy}
                              size="small"
                              danger={remedy === 'bin'}
                              aria-label={t('remedy-of', { remedy: t(remedy), what })}
                              onClick={() => onRemedy(remedy, last, finding)}
                            >
                              {t(remedy)}
                            </Button>
                          ),
                        )}
                      </span>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </section>
      )}
      {shown && (
        <FoundRecords
          object={object}
          scan={last}
          finding={shown}
          title={wordsOf(shown)}
          onClose={() => setShown(null)}
        />
      )}
    </>
  );
}

/** More of what is wrong is said with ▲, less with ▼; never by colour alone. */
function trend(since: number | null, t: ReturnType<typeof useScanText>): string {
  if (since === null) return t('first');
  if (since === 0) return t('same');
  return `${since > 0 ? '▲' : '▼'} ${Math.abs(since).toLocaleString()}`;
}
