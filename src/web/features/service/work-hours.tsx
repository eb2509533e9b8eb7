import { CloseOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import type { WorkCalendarSettings } from '../../../contract/service.ts';
import { addDays } from '../../../domain/fields/calendar.ts';
import { Card } from '../../ui/page.tsx';
import { useSaveCalendar } from './service-api.ts';
import { useServiceText } from './texts.ts';

const DAYS = ['1', '2', '3', '4', '5', '6', '7'] as const;
type Day = (typeof DAYS)[number];
type Hours = { from: string; to: string };

/** When the firm works: hours of the week, days off, days worked for them. */
export function WorkHours({ calendar, editable }: { calendar: WorkCalendarSettings; editable: boolean }) {
  const t = useServiceText();
  const [draft, setDraft] = useState(calendar);
  const save = useSaveCalendar();
  const hoursOf = (day: Day): Hours[] => draft.week[day] ?? [];
  const put = (day: Day, hours: Hours[]) => setDraft({ ...draft, week: { ...draft.week, [day]: hours } });
  const lastYear = [...draft.off].toSorted().at(-1)?.slice(0, 4) ?? '';
  return (
    <form
      className="xk-service"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(draft);
      }}
    >
      <Card title={t('hours')}>
        <ul className="xk-week">
          {DAYS.map((day) => (
            <li key={day}>
              <strong>{t(`day-${day}`)}</strong>
              <span className="xk-week-hours">
                {hoursOf(day).length === 0 && <span className="xk-muted">{t('day-off')}</span>}
                {hoursOf(day).map((part, n) => (
                  <Part
                    // biome-ignore lint/suspicious/noArrayIndexKey: parts of a day are known by their place
                    key={n}
                    day={t(`day-${day}`)}
                    n={n + 1}
                    part={part}
                    editable={editable}
                    onChange={(next) => put(day, next ? hoursOf(day).with(n, next) : hoursOf(day).toSpliced(n, 1))}
                  />
                ))}
                {editable && (
                  <Button
                    size="small"
                    type="text"
                    icon={<PlusOutlined />}
                    aria-label={t('hours-add', { day: t(`day-${day}`) })}
                    onClick={() => put(day, [...hoursOf(day), nextPart(hoursOf(day))])}
                  />
                )}
              </span>
            </li>
          ))}
        </ul>
        {editable && (
          <Button
            size="small"
            onClick={() => {
              const hours = hoursOf('1');
              setDraft({ ...draft, week: { ...draft.week, 2: hours, 3: hours, 4: hours, 5: hours } });
            }}
          >
            {t('hours-copy')}
          </Button>
        )}
        <p className="xk-muted">
          {t('zone')}: {draft.timeZone}
        </p>
      </Card>
      <Card title={t('off')}>
        <p className="xk-muted">{t('off-hint', { year: lastYear })}</p>
        <Days days={draft.off} editable={editable} onChange={(off) => setDraft({ ...draft, off })} />
      </Card>
      <Card title={t('work')}>
        <p className="xk-muted">{t('work-hint')}</p>
        <Days days={draft.work} editable={editable} onChange={(work) => setDraft({ ...draft, work })} />
      </Card>
      {editable && (
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t('save')}
        </Button>
      )}
    </form>
  );
}

/** After what is there, as one would go on. */
function nextPart(hours: readonly Hours[]): Hours {
  const last = hours.at(-1);
  if (!last) return { from: '09:00', to: '18:00' };
  return last.to < '18:00' ? { from: last.to, to: '18:00' } : { from: last.to, to: '24:00' };
}

function Part({
  day,
  n,
  part,
  editable,
  onChange,
}: {
  day: string;
  n: number;
  part: Hours;
  editable: boolean;
  onChange(next: Hours | null): void;
}) {
  const t = useServiceText();
  if (!editable)
    return (
      <span>
        {part.from}–{part.to}
      </span>
    );
  // Midnight at the end of a day has no place in a box for times.
  const shown = part.to === '24:00' ? '23:59' : part.to;
  return (
    <span className="xk-week-part">
      <input
        type="time"
        className="xk-plain-input"
        required
        aria-label={t('hours-from', { day, n })}
        value={part.from}
        onChange={({ target }) => onChange({ ...part, from: target.value })}
      />
      –
      <input
        type="time"
        className="xk-plain-input"
        required
        aria-label={t('hours-to', { day, n })}
        value={shown}
        onChange={({ target }) => onChange({ ...part, to: target.value === '23:59' ? '24:00' : target.value })}
      />
      <Button
        size="small"
        type="text"
        icon={<CloseOutlined />}
        aria-label={t('hours-remove', { day, n })}
        onClick={() => onChange(null)}
      />
    </span>
  );
}

/** Days by year, to be added one by one or as a stretch. */
function Days({
  days,
  editable,
  onChange,
}: {
  days: readonly string[];
  editable: boolean;
  onChange(next: string[]): void;
}) {
  const t = useServiceText();
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const years = [...new Set(days.map((day) => day.slice(0, 4)))].toSorted().toReversed();
  const add = () => {
    if (from === '') return;
    const until = to === '' || to < from ? from : to;
    const added: string[] = [];
    for (let day = from; day <= until && added.length < 60; day = addDays(day, 1)) added.push(day);
    onChange([...new Set([...days, ...added])].toSorted());
    setFrom('');
    setTo('');
  };
  return (
    <>
      {days.length === 0 && <p className="xk-muted">{t('no-days')}</p>}
      {years.map((year, place) => {
        const own = days.filter((day) => day.startsWith(year)).toSorted();
        return (
          <details key={year} open={place === 0} className="xk-days">
            <summary>{t('days-of-year', { year, n: own.length })}</summary>
            <ul>
              {own.map((day) => (
                <li key={day}>
                  {day.slice(5)}
                  {editable && (
                    <button
                      type="button"
                      aria-label={t('day-remove', { day })}
                      onClick={() => onChange(days.filter((one) => one !== day))}
                    >
                      <CloseOutlined />
                    </button>
                  )}
                </li>
              ))}
            </ul>
          </details>
        );
      })}
      {editable && (
        <p className="xk-days-add">
          <label>
            {t('days-from')}
            <input
              type="date"
              className="xk-plain-input"
              value={from}
              onChange={({ target }) => setFrom(target.value)}
            />
          </label>
          <label>
            {t('days-to')}
            <input type="date" className="xk-plain-input" value={to} onChange={({ target }) => setTo(target.value)} />
          </label>
          <Button size="small" disabled={from === ''} onClick={add}>
            {t('days-add')}
          </Button>
        </p>
      )}
    </>
  );
}
