/** Time of day after a date: `15:04:05.123`, `T15:04Z`, `+08:00`, `下午3点20分`, `3:20 PM`. */
export interface Clock {
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
  /** Minutes east of UTC, when the text says. */
  offset?: number;
}

const CLOCK =
  /^t?\s*(凌晨|早上|上午|中午|下午|傍晚|晚上|晚)?\s*(\d{1,2})(?:\s*[:：时点]\s*(?:(\d{1,2})(?:\s*[:：分]\s*(?:(\d{1,2})(?:[.,](\d{1,9}))?\s*秒?)?)?|(半))?\s*分?)?\s*([ap]\.?m\.?)?\s*(z|utc|gmt|[+-]\d{2}:?\d{2})?$/i;

/** null when it is no time of day. */
export function readClock(text: string): Clock | null {
  const match = CLOCK.exec(text.trim());
  if (!match) return null;
  const [, part, hours = '', minutes = '0', seconds = '0', fraction = '', half, meridiem, zone] = match;
  // A bare number is an hour only with a word or 点 beside it.
  if (!/[:：时点]/.test(text) && !meridiem && !part) return null;
  let hour = Number(hours);
  const minute = half ? 30 : Number(minutes);
  const second = Number(seconds);
  if (meridiem) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (/^p/i.test(meridiem) ? 12 : 0);
  } else if (part && /下午|傍晚|晚/.test(part) && hour < 12) hour += 12;
  else if (part === '中午' && hour < 3) hour += 12;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const millisecond = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return { hour, minute, second, millisecond, ...(zone ? { offset: offsetOf(zone) } : {}) };
}

function offsetOf(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (!match) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}
