import type { Proposal, ProposedField } from '../../../contract/proposals.ts';

/** One thing to decide: a field of a proposal. */
export interface Stop {
  id: string;
  field: string;
}

/** What the address says: which of them are shown. */
export interface ReviewSearch {
  tab?: 'decided' | undefined;
  from?: string | undefined;
  object?: string | undefined;
  field?: string | undefined;
  owner?: 'me' | 'all' | undefined;
  age?: '1' | '7' | '30' | undefined;
  record?: string | undefined;
}

export const stopKey = ({ id, field }: Stop): string => `${id} ${field}`;

/** Fields that still wait, as this page knows. */
export function openFields(proposal: Proposal, left: ReadonlySet<string>): ProposedField[] {
  return proposal.fields.filter(({ field, open }) => open && !left.has(stopKey({ id: proposal.id, field })));
}

/** Proposals with something open, each with that only. */
export function stillOpen(proposals: readonly Proposal[], left: ReadonlySet<string>): Proposal[] {
  return proposals.flatMap((proposal) => {
    const fields = openFields(proposal, left);
    return fields.length > 0 ? [{ ...proposal, fields }] : [];
  });
}

export const stopsOf = (proposals: readonly Proposal[]): Stop[] =>
  proposals.flatMap(({ id, fields }) => fields.map(({ field }) => ({ id, field })));

/** Where one is: the place that was chosen, or when it has left, the one that took its place. */
export function placeOf(stops: readonly Stop[], chosen: Stop | null, lastPlace: number): number {
  const at = chosen === null ? -1 : stops.findIndex((stop) => stopKey(stop) === stopKey(chosen));
  return at >= 0 ? at : Math.min(lastPlace, stops.length - 1);
}

/** Ids from one to another, both with them; just the one when the other has left. */
export function rangeOf(ids: readonly string[], from: string | null, to: string): string[] {
  const [a, b] = [from === null ? -1 : ids.indexOf(from), ids.indexOf(to)];
  if (a < 0 || b < 0) return [to];
  return ids.slice(Math.min(a, b), Math.max(a, b) + 1);
}

/** 10, 12.5, 10,000: how many times more or less, whichever is above one. */
export function timesText(times: number): string {
  const factor = Number(Math.max(times, 1 / times).toPrecision(2));
  return factor.toLocaleString('en-US');
}

/** A probability as people read it: never all of it. */
export function percentText(probability: number): string {
  const percent = probability * 100;
  if (percent > 99.5 && percent < 100) return percent >= 99.9 ? '>99%' : '99%';
  if (percent > 0 && percent < 1) return '<1%';
  return `${Math.min(99, Math.round(percent))}%`;
}

const STEPS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** 3 天前, 2 hours ago. */
export function agoText(iso: string, now: number, lang: 'zh' | 'en'): string {
  const words = new Intl.RelativeTimeFormat(lang === 'zh' ? 'zh-CN' : 'en', { numeric: 'always' });
  const past = now - Date.parse(iso);
  for (const [unit, ms] of STEPS) if (past >= ms) return words.format(-Math.floor(past / ms), unit);
  return lang === 'zh' ? '刚才' : 'just now';
}
