import { describe, expect, it } from 'vitest';
import type { Proposal, ProposedField } from '../../../contract/proposals.ts';
import { agoText, percentText, placeOf, rangeOf, stillOpen, stopKey, stopsOf, timesText } from './inbox-model.ts';

const field = (name: string, open = true): ProposedField => ({
  field: name,
  label: { zh: name, en: name },
  before: null,
  beforeText: '',
  wanted: 'x',
  wantedText: 'x',
  nowText: '',
  standing: 'clean',
  open,
  mayDecide: true,
  confidence: 0.9,
});

const proposal = (id: string, fields: ProposedField[]): Proposal => ({
  id,
  at: '2026-03-02T02:00:00Z',
  object: 'customer',
  record: `r${id}`,
  version: 1,
  title: id,
  source: 'customer',
  origins: ['customer'],
  actor: 'customer:1',
  actorName: '',
  owner: null,
  ownerName: '',
  reason: null,
  state: 'held',
  fields,
});

describe('the inbox', () => {
  const all = [proposal('a', [field('mobile'), field('email', false)]), proposal('b', [field('name'), field('email')])];

  it('shows fields that wait; a proposal leaves with its last', () => {
    expect(stopsOf(stillOpen(all, new Set())).map(stopKey)).toEqual(['a mobile', 'b name', 'b email']);
    expect(stillOpen(all, new Set(['a mobile', 'b email'])).map(({ id, fields }) => [id, fields.length])).toEqual([
      ['b', 1],
    ]);
  });

  it('keeps the place when what was there leaves', () => {
    const stops = stopsOf(stillOpen(all, new Set()));
    expect(placeOf(stops, { id: 'b', field: 'name' }, 0)).toBe(1);
    expect(placeOf(stops, { id: 'gone', field: 'x' }, 1)).toBe(1);
    expect(placeOf(stops, { id: 'gone', field: 'x' }, 9)).toBe(2);
    expect(placeOf([], null, 0)).toBe(-1);
  });

  it('takes a range either way', () => {
    expect(rangeOf(['a', 'b', 'c', 'd'], 'c', 'a')).toEqual(['a', 'b', 'c']);
    expect(rangeOf(['a', 'b', 'c', 'd'], 'b', 'd')).toEqual(['b', 'c', 'd']);
    expect(rangeOf(['a', 'b'], 'gone', 'b')).toEqual(['b']);
  });
});

describe('figures in words', () => {
  it('times, whichever way', () => {
    expect([timesText(10_000), timesText(0.1), timesText(4.53)]).toEqual(['10,000', '10', '4.5']);
  });
  it('a probability is never all or nothing', () => {
    expect([0.999, 0.97, 0.0001, 0.5, 0.995].map(percentText)).toEqual(['>99%', '97%', '<1%', '50%', '99%']);
  });
  it('how long ago', () => {
    const now = Date.parse('2026-03-05T02:00:00Z');
    expect(agoText('2026-03-02T02:00:00Z', now, 'zh')).toBe('3天前');
    expect(agoText('2026-03-05T00:00:00Z', now, 'en')).toBe('2 hours ago');
    expect(agoText('2026-03-05T01:59:50Z', now, 'zh')).toBe('刚才');
  });
});
