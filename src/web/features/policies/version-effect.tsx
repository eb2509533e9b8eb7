import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { api } from '../../../contract/api.ts';
import type { effectSchema } from '../../../contract/evaluation.ts';
import { call } from '../../api/client.ts';
import { keys } from '../../api/query.ts';
import { useLang } from '../../i18n/core.ts';
import { percentWords, pointsRange, signed } from '../../i18n/estimates.ts';
import { formatNumber } from '../../i18n/phrase.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { useAdviceText } from './advice-texts.ts';

type Effect = z.infer<typeof effectSchema>;
type Side = Effect['groups'][number]['before'];
type Compared = NonNullable<Effect['compared']>;

/** Figures before and after a version, for the rules it changed and those it left alone. */
export function VersionEffect({ version }: { version: number }) {
  const t = useAdviceText();
  const { data, error, refetch } = useQuery({
    queryKey: [...keys.policies, 'effect', version],
    queryFn: ({ signal }): Promise<Effect> => call(api.evaluation.effect, { params: { version }, signal }),
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={4} />;
  const { before, after, why, groups, compared } = data;
  return (
    <div className="xk-effect">
      {why && <p className="xk-muted">{t(`effect-${why}`)}</p>}
      {before && after && groups.length > 0 && (
        <>
          <p className="xk-muted">
            {t('effect-windows', {
              n: data.days,
              first: before.first,
              last: before.last,
              from: after.first,
              to: after.last,
            })}
          </p>
          {groups.map((group) => (
            <Group key={group.group} group={group} />
          ))}
        </>
      )}
      {compared && <Said compared={compared} />}
    </div>
  );
}

function Group({ group }: { group: Effect['groups'][number] }) {
  const t = useAdviceText();
  const lang = useLang();
  const title = t(`effect-${group.group}`, { n: group.rules });
  const n = (value: number) => formatNumber(Number(value.toPrecision(3)), lang);
  const lines: { key: string; name: string; of: (side: Side) => string }[] = [
    { key: 'freshness', name: t('effect-freshness'), of: (side) => percentWords(side.freshness) },
    { key: 'expired', name: t('effect-expired'), of: (side) => percentWords(side.expired) },
    {
      key: 'load',
      name: t('effect-load'),
      of: (side) => t('effect-load-n', { n: n(side.checksPerWeek), minutes: n(side.minutesPerWeek) }),
    },
    {
      key: 'wrong',
      name: t('effect-wrong'),
      of: (side) =>
        side.checked > 0 ? `${percentWords(side.wrong / side.checked)} (${side.wrong}/${side.checked})` : '–',
    },
  ];
  return (
    <table className="xk-plain-table" aria-label={title}>
      <thead>
        <tr>
          <th scope="col">{title}</th>
          <th scope="col">{t('effect-before')}</th>
          <th scope="col">{t('effect-after')}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.key}>
            <th scope="row">{line.name}</th>
            <td>{line.of(group.before)}</td>
            <td>{line.of(group.after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What differs, with its interval; no word of why. */
function Said({ compared }: { compared: Compared }) {
  const t = useAdviceText();
  const share = (name: string, { value, interval }: Compared['freshness']) =>
    interval
      ? t('effect-points', { name, points: signed(value * 100), range: pointsRange(interval) })
      : t('effect-points-only', { name, points: signed(value * 100) });
  const { load, wrong } = compared;
  return (
    <>
      <p>{t(compared.against === 'unchanged' ? 'effect-against' : 'effect-alone')}</p>
      <ul>
        <li>{share(t('effect-freshness'), compared.freshness)}</li>
        <li>{share(t('effect-expired'), compared.expired)}</li>
        <li>
          {load.interval
            ? t('effect-load-said', {
                n: signed(load.value),
                range: `${signed(load.interval.low)} … ${signed(load.interval.high)}`,
              })
            : t('effect-load-only', { n: signed(load.value) })}
        </li>
        <li>
          {wrong.verdict === 'few'
            ? t('effect-wrong-few')
            : t('effect-wrong-said', {
                points: signed(wrong.difference.value * 100),
                range: pointsRange(wrong.difference),
              })}
        </li>
      </ul>
      <p className="xk-muted">{t('effect-note')}</p>
    </>
  );
}
