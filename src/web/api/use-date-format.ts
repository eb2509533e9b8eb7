import { useLang } from '../i18n/core.ts';
import { useSession } from './query.ts';

/** Days and times in the reader's language and in the team's time zone, wherever the reader is: the same moment reads the same on every screen. */
export function useDateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const lang = useLang();
  const { timeZone } = useSession().workspace;
  return new Intl.DateTimeFormat(lang === 'zh' ? 'zh-CN' : 'en-GB', { ...options, timeZone });
}

/** A day without the time. */
export const DAY: Intl.DateTimeFormatOptions = { dateStyle: 'medium' };
export const DAY_AND_TIME: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short' };
