import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { ReminderSettings } from '../../../contract/reminders.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useText } from '../../i18n/core.ts';
import { Card, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { noticeKeys } from './keys.ts';
import { readDays } from './ladder-draft.ts';
import { Ladders } from './ladders.tsx';
import { useReminderText } from './texts.ts';

/** When who is reminded of what, for everyone. */
export function RuleSettings() {
  const t = useReminderText();
  const { data } = useQuery({
    queryKey: noticeKeys.settings,
    queryFn: ({ signal }) => call(api.reminders.settings, { signal }),
  });
  return <Card title={t('rules')}>{data ? <RuleForm stored={data} /> : <Skeleton lines={6} />}</Card>;
}

function RuleForm({ stored }: { stored: ReminderSettings }) {
  const t = useReminderText();
  const words = useText();
  const toasts = useToasts();
  const client = useQueryClient();
  const [form, setForm] = useState(stored);
  const [dates, setDates] = useState({ holidays: stored.holidays.join('\n'), workdays: stored.workdays.join('\n') });
  const change = (patch: Partial<ReminderSettings>) => setForm((old) => ({ ...old, ...patch }));
  const save = useMutation({
    mutationFn: () =>
      call(api.reminders.saveSettings, {
        body: { ...form, holidays: readDays(dates.holidays), workdays: readDays(dates.workdays) },
      }),
    onSuccess: (saved) => {
      client.setQueryData(noticeKeys.settings, saved);
      setDates({ holidays: saved.holidays.join('\n'), workdays: saved.workdays.join('\n') });
      toasts.success(t('saved'));
    },
    onError: (error) => toasts.error(sentence(error)),
  });
  const { digest, quiet } = form;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <div className="xk-notify-grid">
        <label>
          <span>{t('digest')}</span>
          <select
            className="xk-plain-input"
            value={digest.cadence}
            onChange={(event) =>
              change({ digest: { ...digest, cadence: event.target.value as typeof digest.cadence } })
            }
          >
            {(['daily', 'weekly', 'off'] as const).map((one) => (
              <option key={one} value={one}>
                {t(one)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{t('hour')}</span>
          <select
            className="xk-plain-input"
            value={digest.hour}
            onChange={(event) => change({ digest: { ...digest, hour: Number(event.target.value) } })}
          >
            {Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, '0')}:00`).map((text, hour) => (
              <option key={text} value={hour}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{t('weekday')}</span>
          <select
            className="xk-plain-input"
            value={digest.weekday}
            onChange={(event) => change({ digest: { ...digest, weekday: Number(event.target.value) } })}
          >
            {([1, 2, 3, 4, 5, 6, 7] as const).map((day) => (
              <option key={day} value={day}>
                {t(`weekday-${day}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>
            {t('quiet')} · {t('quiet-from')}
          </span>
          <input
            className="xk-plain-input"
            type="time"
            required
            value={quiet.from}
            onChange={(event) => change({ quiet: { ...quiet, from: event.target.value } })}
          />
        </label>
        <label>
          <span>
            {t('quiet')} · {t('quiet-to')}
          </span>
          <input
            className="xk-plain-input"
            type="time"
            required
            value={quiet.to}
            onChange={(event) => change({ quiet: { ...quiet, to: event.target.value } })}
          />
        </label>
        <label>
          <span>{t('unverified')}</span>
          <input
            className="xk-plain-input"
            type="number"
            min={0}
            max={1500}
            required
            value={form.unverifiedDays}
            onChange={(event) => change({ unverifiedDays: Math.max(0, Math.trunc(Number(event.target.value))) })}
          />
        </label>
        <label className="xk-check">
          <input
            type="checkbox"
            checked={form.workdaysOnly}
            onChange={(event) => change({ workdaysOnly: event.target.checked })}
          />
          {t('workdays')}
        </label>
      </div>
      <Ladders ladders={form.ladders} onChange={(ladders) => change({ ladders })} />
      {form.workdaysOnly && (
        <div className="xk-notify-grid">
          {(['holidays', 'workdays'] as const).map((key) => (
            <label key={key}>
              <span>{t(key === 'holidays' ? 'holidays' : 'workdays-extra')}</span>
              <textarea
                className="xk-plain-input"
                rows={3}
                placeholder={t('days-hint')}
                value={dates[key]}
                onChange={(event) => setDates({ ...dates, [key]: event.target.value })}
              />
            </label>
          ))}
        </div>
      )}
      <div className="xk-notify-foot">
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {words('save')}
        </Button>
      </div>
    </form>
  );
}
