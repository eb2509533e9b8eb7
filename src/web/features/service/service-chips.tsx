import { ClockCircleOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { keys } from '../../api/query.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { useLabel } from '../../i18n/core.ts';
import { useService } from './service-api.ts';
import { useServiceText } from './texts.ts';
import './service.css';

const MINUTE = 60_000;

/** How a record stands with its service times, in words; nothing where it has none. */
export function ServiceChips({ object, id }: { object: string; id: string }) {
  const t = useServiceText();
  const label = useLabel();
  const moment = useDateFormat(DAY_AND_TIME);
  const watched = useService().data?.clocks.some((clock) => clock.object === object && !clock.off) ?? false;
  const { data } = useQuery({
    queryKey: [...keys.record(object, id), 'clocks'],
    queryFn: ({ signal }) => call(api.service.clocksOf, { params: { object, id }, signal }),
    enabled: watched,
    refetchInterval: MINUTE,
  });
  const clocks = data?.clocks.filter(({ state }) => state !== null) ?? [];
  if (clocks.length === 0) return null;
  const time = (minutes: number): string => {
    const [h, m] = [Math.floor(minutes / 60), minutes % 60];
    if (h === 0) return t('time-minutes', { m });
    return m === 0 || h >= 24 ? t('time-days', { h }) : t('time-hours', { h, m });
  };
  return (
    <ul className="xk-service-chips" aria-label={t('clocks')}>
      {clocks.map(({ id: clock, name, state, left, due }) => (
        <li key={clock} className={`xk-service-${state}`}>
          <ClockCircleOutlined aria-hidden />
          <strong>{label(name)}</strong>
          <span>
            {state === 'met' || state === 'missed'
              ? t(state)
              : state === 'paused'
                ? left === null
                  ? t('paused-plain')
                  : t('paused', { time: time(left) })
                : left !== null &&
                  t(left < 0 || state === 'late' ? 'late-hours' : 'left-hours', { time: time(Math.abs(left)) })}
          </span>
          {due && state !== 'met' && (
            <span className="xk-muted">{t('due-at', { at: moment.format(new Date(due)) })}</span>
          )}
        </li>
      ))}
    </ul>
  );
}
