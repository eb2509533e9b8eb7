import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBounces } from './bounce.ts';
import { judgeDomain } from './sender-domain.ts';
import { cohortOf, trialOf } from './split.ts';
import { fillPlaces, linksOf, parseLetter, placesIn } from './template.ts';

describe('letters', () => {
  it('are read into paragraphs, headings, lists, buttons and links', () => {
    const blocks = parseLetter(
      '# 新品\n{name|您好}，请看**这里**：https://a.cn/x?y=1。\n第二行\n\n- 一\n- [二](https://b.cn)\n\n[立即报名](https://a.cn/x?y=1)\n',
    );
    expect(blocks).toEqual([
      { is: 'heading', line: [{ text: '新品' }] },
      {
        is: 'paragraph',
        lines: [
          [
            { text: '{name|您好}，请看' },
            { strong: '这里' },
            { text: '：' },
            { link: 'https://a.cn/x?y=1', text: 'https://a.cn/x?y=1' },
            { text: '。' },
          ],
          [{ text: '第二行' }],
        ],
      },
      { is: 'list', items: [[{ text: '一' }], [{ link: 'https://b.cn', text: '二' }]] },
      { is: 'button', link: 'https://a.cn/x?y=1', text: '立即报名' },
    ]);
    expect(linksOf(blocks)).toEqual(['https://a.cn/x?y=1', 'https://b.cn']);
  });

  it('lead to web addresses only', () => {
    const blocks = parseLetter('[x](javascript:alert(1)) [y](data:text/html,1) https://good.cn.');
    expect(linksOf(blocks)).toEqual(['https://good.cn']);
  });

  it('are filled once: what a value holds is text, never a place', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (before, value) => {
        fc.pre(!before.includes('{'));
        expect(fillPlaces(`${before}{name}`, () => value)).toBe(before + value);
      }),
    );
    expect(fillPlaces('{name|朋友} {other} {none}', (name) => ({ name: '', other: '{name}' })[name])).toBe(
      '朋友 {name} {none}',
    );
    expect(placesIn('{a} {b|c} {a} {B}')).toEqual(['a', 'b']);
  });
});

describe('the split', () => {
  it('is the same whoever asks, shares by size, and differs between campaigns', () => {
    const people = Array.from({ length: 20_000 }, (_, n) => `0190a000-0000-7000-8000-${String(n).padStart(12, '0')}`);
    const shares = { a: 0, b: 0, rest: 0 };
    for (const one of people) shares[cohortOf('c1', one, 0.3)]++;
    // Binomial with p = 0.15: four standard deviations are 202.
    expect(Math.abs(shares.a - 3000)).toBeLessThan(202);
    expect(Math.abs(shares.b - 3000)).toBeLessThan(202);
    const both = people.filter((one) => cohortOf('c1', one, 1) === 'a' && cohortOf('c2', one, 1) === 'a').length;
    // Independent: a quarter, four standard deviations are 245.
    expect(Math.abs(both - 5000)).toBeLessThan(245);
    expect(people.slice(0, 100).map((one) => cohortOf('c1', one, 1))).not.toContain('rest');
  });

  it('says when two letters can not be told apart', () => {
    expect(trialOf({ hits: 4, n: 10 }, { hits: 5, n: 10 })).toMatchObject({ verdict: 'few', leader: 'b' });
    expect(trialOf({ hits: 52, n: 500 }, { hits: 55, n: 500 })).toMatchObject({ verdict: 'not-apart', leader: 'b' });
    expect(trialOf({ hits: 80, n: 500 }, { hits: 30, n: 500 })).toMatchObject({ verdict: 'apart', leader: 'a' });
  });
});

const dsn = (action: string, status: string, original = 'X-Letter: abc\nSubject: =?utf-8?q?x?=') =>
  [
    'From: MAILER-DAEMON@mx.jia.cn',
    'Subject: Undelivered Mail Returned to Sender',
    'Content-Type: multipart/report; report-type=delivery-status;',
    '\tboundary="B1"',
    '',
    'This is MIME.',
    '--B1',
    'Content-Type: text/plain',
    '',
    '<Li@jia.cn>: unknown user',
    '--B1',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.jia.cn',
    '',
    'Final-Recipient: rfc822; Li@jia.cn',
    `Action: ${action}`,
    `Status: ${status}`,
    'Diagnostic-Code: smtp; 550 5.1.1 <Li@jia.cn>:',
    '    unknown user',
    '',
    '--B1',
    'Content-Type: text/rfc822-headers',
    '',
    original,
    '',
    '--B1--',
    '',
  ].join('\r\n');

describe('messages that came back', () => {
  it('say of whom, how surely, and of which letter (RFC 3464)', () => {
    expect(readBounces(dsn('failed', '5.1.1'))).toEqual([
      {
        address: 'li@jia.cn',
        kind: 'hard',
        status: '5.1.1',
        original: { 'x-letter': 'abc', subject: '=?utf-8?q?x?=' },
      },
    ]);
  });

  it.each([
    ['failed', '5.2.2', 'soft'],
    ['failed', '5.7.1', 'soft'],
    ['failed', '4.4.7', 'soft'],
    ['failed', '5.0.0', 'soft'],
    ['failed', '5.1.10', 'hard'],
    ['delayed', '4.4.1', 'none'],
    ['delivered', '2.0.0', 'none'],
  ])('%s %s is %s', (action, status, kind) => {
    expect(readBounces(dsn(action, status))[0]?.kind).toBe(kind);
  });

  it('are read from any text without failing', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(900), (text, cut) => {
        expect(Array.isArray(readBounces(text))).toBe(true);
        const whole = dsn('failed', '5.1.1');
        expect(readBounces(whole.slice(0, cut) + text + whole.slice(cut)).length).toBeLessThan(3);
      }),
    );
    expect(readBounces('Subject: Re: your letter\n\nThanks!')).toEqual([]);
  });
});

describe('the sender’s domain', () => {
  const good = {
    txt: { records: ['google-site=1', 'v=spf1 include:spf.exmail.qq.com -all'] },
    dmarc: { records: ['v=DMARC1; p=quarantine; rua=mailto:a@b.cn'] },
    dkim: [
      { selector: 'default', found: { records: [] } },
      { selector: 's1', found: { records: ['v=DKIM1; k=rsa; p=MIGfMA0'] } },
    ],
    mx: { records: ['mx1.qq.com'] },
  };
  const codes = (records: Parameters<typeof judgeDomain>[0]) => judgeDomain(records).map(({ code }) => code);

  it('is judged by what it publishes', () => {
    expect(codes(good)).toEqual(['spf-ok', 'dkim-ok', 'dmarc-ok', 'mx-ok']);
    const none = { records: [] };
    expect(codes({ txt: none, dmarc: none, dkim: [{ selector: 'x', found: none }], mx: none })).toEqual([
      'spf-missing',
      'dkim-missing',
      'dmarc-missing',
      'mx-missing',
    ]);
    const bad = {
      txt: { records: ['v=spf1 +all'] },
      dmarc: { records: ['v=DMARC1; p=none'] },
      dkim: [{ selector: 's', found: { records: ['v=DKIM1; p='] } }],
      mx: { records: ['.'] },
    };
    expect(codes(bad)).toEqual(['spf-all', 'dkim-revoked', 'dmarc-none', 'mx-missing']);
    expect(codes({ ...good, txt: { records: ['v=spf1 -all', 'v=spf1 mx -all'] } })[0]).toBe('spf-many');
    expect(codes({ ...good, txt: { records: ['v=spf1 mx'] } })[0]).toBe('spf-open');
  });

  it('says that it could not be asked, rather than that there is nothing', () => {
    const failed = { failed: 'ECONNREFUSED' };
    const checks = judgeDomain({ txt: failed, dmarc: failed, dkim: [{ selector: 'x', found: failed }], mx: failed });
    expect(checks.map(({ state }) => state)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  });
});
