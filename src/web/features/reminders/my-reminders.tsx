import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../contract/api.ts';
import type { Preference } from '../../../contract/reminders.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { Card, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { noticeKeys } from './keys.ts';
import { useReminderText } from './texts.ts';

/** What I want different from the rest; saved at once. */
export function MyReminders() {
  const t = useReminderText();
  const toasts = useToasts();
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: noticeKeys.preference,
    queryFn: ({ signal }) => call(api.reminders.preference, { signal }),
  });
  const settings = useQuery({
    queryKey: noticeKeys.settings,
    queryFn: ({ signal }) => call(api.reminders.settings, { signal }),
  });
  const save = useMutation({
    mutationFn: (body: Preference) => call(api.reminders.savePreference, { body }),
    onSuccess: (saved) => {
      client.setQueryData(noticeKeys.preference, saved);
      toasts.success(t('saved'));
    },
    onError: (error) => toasts.error(sentence(error)),
  });
  if (!data || !settings.data)
    return (
      <Card title={t('mine')}>
        <Skeleton lines={2} />
      </Card>
    );
  const { digest: _, ...plain } = data;
  return (
    <Card title={t('mine')}>
      <div className="xk-notify-grid">
        <label>
          <span>{t('my-digest')}</span>
          <select
            className="xk-plain-input"
            value={data.digest ?? ''}
            onChange={(event) => {
              const digest = event.target.value as NonNullable<Preference['digest']> | '';
              save.mutate(digest === '' ? plain : { ...plain, digest });
            }}
          >
            <option value="">{t('as-all', { what: t(settings.data.digest.cadence) })}</option>
            {(['daily', 'weekly', 'off'] as const).map((one) => (
              <option key={one} value={one}>
                {t(one)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{t('my-lang')}</span>
          <select
            className="xk-plain-input"
            value={data.lang}
            onChange={(event) => save.mutate({ ...data, lang: event.target.value === 'en' ? 'en' : 'zh' })}
          >
            <option value="zh" lang="zh-CN">
              中文
            </option>
            <option value="en" lang="en">
              English
            </option>
          </select>
        </label>
        <label className="xk-check">
          <input
            type="checkbox"
            checked={data.mail}
            onChange={(event) => save.mutate({ ...data, mail: event.target.checked })}
          />
          {t('my-mail')}
        </label>
      </div>
    </Card>
  );
}
