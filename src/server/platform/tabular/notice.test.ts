import { describe, expect, it } from 'vitest';
import { NoticeLog, TableError } from './notice.ts';

describe('notices', () => {
  it('count a row once, keep the first places, put warnings first', () => {
    const log = new NoticeLog();
    log.add('invisible-removed', 1);
    for (let row = 2; row < 30; row++) {
      log.add('rows-long', row);
      log.add('rows-long', row);
    }
    const [first, second] = log.list();
    expect(first).toMatchObject({
      code: 'rows-long',
      level: 'warning',
      count: 28,
      places: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    });
    expect(first?.text.zh).toContain('28 行');
    expect(first?.text.en).toContain('row 2, 3');
    expect(second).toMatchObject({ code: 'invisible-removed', level: 'info' });
  });

  it('errors have a sentence in both languages with nothing left to fill in', () => {
    const error = new TableError('quote-unclosed', { row: 7, sample: '"abc' });
    expect(error.text.zh).toContain('第 7 行');
    expect(error.text.zh + error.text.en).not.toMatch(/[{}]/);
  });
});
