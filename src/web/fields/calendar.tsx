import { useEffect, useState } from 'react';
import { useLang } from '../i18n/core.ts';
import './fields.css';

const pad = (n: number): string => String(n).padStart(2, '0');
const dayOf = (date: Date): string => `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;

/** Days of six weeks that cover a month, Monday first (as calendars in China and ISO 8601 do). */
export function monthDays(year: number, month: number): string[] {
  const start = new Date(year, month, 1);
  const offset = (start.getDay() + 6) % 7;
  return Array.from({ length: 42 }, (_, index) => dayOf(new Date(year, month, 1 - offset + index)));
}

/** What a typed text may mean as a day, to show it in the calendar; the server reads it for good. */
export function readTyped(text: string): string | null {
  const found = /^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})/.exec(text.trim());
  if (!found) return null;
  const date = new Date(Number(found[1]), Number(found[2]) - 1, Number(found[3]));
  return Number.isNaN(date.getTime()) || date.getMonth() !== Number(found[2]) - 1 ? null : dayOf(date);
}

/** A month to pick a day from; arrows move a day when the text box hands its keys over. */
export function Calendar({
  value,
  text,
  onPick,
  onText,
  onKeys,
}: {
  value: string | null;
  text: string;
  onPick(day: string, move: 'down' | 'right' | 'none'): void;
  /** Enter on typed text. */
  onText(text: string, move: 'down' | 'right' | 'none'): void;
  onKeys(handler: (event: KeyboardEvent) => boolean): void;
}) {
  const lang = useLang();
  const today = dayOf(new Date());
  const [moved, setMoved] = useState<string | null>(null);
  const typed = readTyped(text);
  const at = moved ?? typed ?? value?.slice(0, 10) ?? today;
  const [year = 0, month = 1, day = 1] = at.split('-').map(Number);
  const go = (days: number, months = 0) => {
    const next = new Date(year, month - 1 + months, months === 0 ? day + days : Math.min(day, 28));
    setMoved(dayOf(next));
  };
  const key = (event: KeyboardEvent): boolean => {
    const steps: Record<string, () => void> = {
      ArrowLeft: () => go(-1),
      ArrowRight: () => go(1),
      ArrowUp: () => go(-7),
      ArrowDown: () => go(7),
      PageUp: () => go(0, -1),
      PageDown: () => go(0, 1),
    };
    if (event.key === 'Enter' || event.key === 'Tab') {
      const move = event.key === 'Tab' ? 'right' : 'down';
      if (moved) onPick(moved, move);
      else onText(text, move);
      return true;
    }
    const step = steps[event.key];
    step?.();
    return step !== undefined;
  };
  useEffect(() => onKeys(key));
  const heads = lang === 'zh' ? ['一', '二', '三', '四', '五', '六', '日'] : ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
  const title =
    lang === 'zh'
      ? `${year}年${month}月`
      : new Date(year, month - 1, 1).toLocaleString('en', { month: 'long', year: 'numeric' });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only keeps the focus in the text box
    <div className="xk-calendar" onMouseDown={(event) => event.preventDefault()}>
      <div className="xk-calendar-head">
        <button type="button" onClick={() => go(0, -12)} aria-label={lang === 'zh' ? '上一年' : 'Previous year'}>
          «
        </button>
        <button type="button" onClick={() => go(0, -1)} aria-label={lang === 'zh' ? '上个月' : 'Previous month'}>
          ‹
        </button>
        <strong>{title}</strong>
        <button type="button" onClick={() => go(0, 1)} aria-label={lang === 'zh' ? '下个月' : 'Next month'}>
          ›
        </button>
        <button type="button" onClick={() => go(0, 12)} aria-label={lang === 'zh' ? '下一年' : 'Next year'}>
          »
        </button>
      </div>
      <div className="xk-calendar-grid">
        {heads.map((head) => (
          <span key={head} className="xk-calendar-day-head">
            {head}
          </span>
        ))}
        {monthDays(year, month - 1).map((date) => (
          <button
            key={date}
            type="button"
            className={`xk-day${date.slice(0, 7) === at.slice(0, 7) ? '' : ' xk-day-out'}${date === at ? ' xk-day-at' : ''}${date === today ? ' xk-day-today' : ''}`}
            aria-label={date}
            aria-current={date === today ? 'date' : undefined}
            onClick={() => onPick(date, 'none')}
          >
            {Number(date.slice(8))}
          </button>
        ))}
      </div>
      <button type="button" className="xk-calendar-today" onClick={() => onPick(today, 'none')}>
        {lang === 'zh' ? '今天' : 'Today'}
      </button>
    </div>
  );
}
