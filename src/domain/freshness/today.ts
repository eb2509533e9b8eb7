import { type Bundle, type BundleCell, bundle, type Contact } from './bundle.ts';
import { DAY_MS } from './hazard.ts';
import type { Reason } from './reasons.ts';

export { type Bundle, type BundleCell, bundle, type Contact } from './bundle.ts';
export { type Reason, sayReason } from './reasons.ts';

/** One cell that a contact with a customer could verify. */
export interface TodayCell extends BundleCell {
  record: string;
  fieldId: number;
  /** Confidence now, 0..1. */
  confidence: number;
  /** Last evidence, epoch milliseconds; null when it was never verified. */
  verifiedAt: number | null;
  /** Method of the last evidence (`phone`, `mail-bounced` …), as stored in the cell. */
  method?: string | null;
  /** A rule that wants it now whatever the index says: `legal`, `vip`, `trigger`, `interval`; the code of its sentence is `hard-…`. */
  hard?: string;
  /** Empty: can be asked for along the way, never causes a contact. */
  missing?: boolean;
}

/** A customer (bundle) who could be contacted today. */
export interface TodayCandidate {
  id: string;
  contact: Contact;
  cells: TodayCell[];
  /** Called today anyway (follow-up due): verification rides along and contact costs nothing extra. */
  alreadyCalling?: boolean;
}

export interface TodayItem {
  id: string;
  bundle: Bundle<TodayCell>;
  /** Empty fields worth asking for in the same call. */
  askAlso: TodayCell[];
  hard: boolean;
  /** Why each chosen cell is here, in the order of `bundle.chosen`. */
  reasons: Reason[];
}

export interface TodayList {
  items: TodayItem[];
  minutes: number;
  /** What does not fit into the capacity: shown, never hidden. */
  overflow: { items: number; minutes: number; hardItems: number };
}

/**
 * One person's list for today: hard rules first, then best value per minute, until his minutes are used. A contact that is too long for what
 * is left is passed over for a shorter one. Hard items that don't fit are counted in `overflow`.
 * @param now epoch milliseconds, only for the reasons
 */
export function dailyList(candidates: readonly TodayCandidate[], capacityMinutes: number, now: number): TodayList {
  const items = candidates
    .map((candidate) => todayItem(candidate, now))
    .filter((item) => item.bundle.chosen.length > 0);
  items.sort(
    (a, b) =>
      Number(b.hard) - Number(a.hard) ||
      compare(b.bundle.perMinute, a.bundle.perMinute) ||
      (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
  const list: TodayList = { items: [], minutes: 0, overflow: { items: 0, minutes: 0, hardItems: 0 } };
  for (const item of items) {
    if (list.minutes + item.bundle.minutes <= capacityMinutes + 1e-9) {
      list.items.push(item);
      list.minutes += item.bundle.minutes;
    } else {
      list.overflow.items++;
      list.overflow.minutes += item.bundle.minutes;
      if (item.hard) list.overflow.hardItems++;
    }
  }
  return list;
}

// Infinity − Infinity is NaN, so no subtraction here.
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function todayItem(candidate: TodayCandidate, now: number): TodayItem {
  const contact = candidate.alreadyCalling ? { ...candidate.contact, minutes: 0 } : candidate.contact;
  const known = candidate.cells.filter((cell) => !cell.missing);
  const required = known.map((cell) => (cell.hard === undefined ? cell : { ...cell, required: true }));
  const chosen = bundle(required, contact);
  return {
    id: candidate.id,
    bundle: chosen,
    askAlso: candidate.cells.filter((cell) => cell.missing).sort((a, b) => b.value / b.minutes - a.value / a.minutes),
    hard: chosen.chosen.some((cell) => cell.hard !== undefined),
    reasons: chosen.chosen.map((cell) => reasonOf(cell, now)),
  };
}

/** Why a cell should be verified, as data. The field's name is not in it: `sayReason` puts it in. */
export function reasonOf(cell: TodayCell, now: number): Reason {
  const percent = Math.round(100 * cell.confidence);
  const base = { fieldId: cell.fieldId, record: cell.record };
  if (cell.hard !== undefined) return { ...base, code: `hard-${cell.hard}`, params: { percent } };
  if (cell.method && DOUBTS.has(cell.method)) return { ...base, code: `doubt-${cell.method}`, params: { percent } };
  if (cell.verifiedAt === null) return { ...base, code: 'never-verified', params: { percent } };
  const days = Math.max(0, Math.floor((now - cell.verifiedAt) / DAY_MS));
  if (days < 1) return { ...base, code: 'doubtful', params: { percent } };
  if (days < 60) return { ...base, code: 'unverified-days', params: { count: days, percent } };
  if (days < 730) return { ...base, code: 'unverified-months', params: { count: Math.round(days / 30.44), percent } };
  return { ...base, code: 'unverified-years', params: { count: Math.round(days / 365.25), percent } };
}

const DOUBTS = new Set([
  'mail-bounced',
  'call-dead',
  'call-wrong-person',
  'parcel-returned',
  'sms-failed',
  'site-dead',
  'registry-differs',
  'sibling-changed',
]);
