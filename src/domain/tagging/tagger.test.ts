import { describe, expect, it } from 'vitest';
import { sentenceAround } from './sentence.ts';
import { createTagger, type Phrase } from './tagger.ts';

const dictionary: Phrase[] = [
  ...[
    '预算',
    '预算有限',
    '预算不足',
    '差钱',
    '太贵',
    '便宜',
    '降价',
    '折扣',
    'discount',
    'too expensive',
    'no budget',
  ].map((text) => ({ tag: 'price', text })),
  { tag: 'price', text: '太贵重', except: true },
  ...['投诉', '不满意', '纠纷', 'complaint', 'complaints'].map((text) => ({ tag: 'complains', text })),
  ...['竞品', '用友', 'SAP', '竞品降价'].map((text) => ({ tag: 'competitor', text })),
];
const tagger = createTagger(dictionary);

/** Tags that count. */
const tagsOf = (text: string): string[] => [
  ...new Set(tagger.find(text).flatMap(({ tag, counts }) => (counts ? [tag] : []))),
];

describe('what people write after a call', () => {
  it.each([
    ['客户预算有限，希望分期', ['price']],
    ['预算不是问题，要求下周上线', []],
    ['不差钱，只要质量好', []],
    ['今年有点差钱', ['price']],
    ['预算方面完全不成问题', []],
    ['预算嘛，不是问题', []],
    ['预算这块，客户没有说', ['price']],
    ['预算并不是什么大问题', []],
    ['预算不足，等明年', ['price']],
    ['并不是预算不足，是流程慢', []],
    ['不是没有预算，是老板没批', ['price']],
    ['预算不是没有问题', ['price']],
    ['没有投诉', []],
    ['没有收到任何投诉', []],
    ['从没投诉过', []],
    ['客户不想再投诉了', []],
    ['无投诉、纠纷', []],
    ['不得不投诉到总部', ['complains']],
    ['不会不投诉的', ['complains']],
    ['客户特别不满意', ['complains']],
    ['并非不满意', []],
    ['不着急，但预算有限', ['price']],
    ['不着急但是预算有限', ['price']],
    ['不急 预算有限', ['price']],
    ['不是太贵而是投诉太多', ['complains']],
    ['不但太贵，而且投诉没人管', ['price', 'complains']],
    ['问有没有折扣', ['price']],
    ['区别在于折扣', ['price']],
    ['没有发票，客户投诉', ['complains']],
    ['投诉已经解决了', []],
    ['目前在用用友，没有用 SAP', ['competitor']],
    ['我们没有 SAP', []],
    ['礼品太贵重了', []],
    ['礼品太贵重，方案太贵', ['price']],
    ['客户預算有限，覺得太貴', ['price']],
    ['ｓａｐ 在用', ['competitor']],
    ['sapphire 项目', []],
    ['预 算 有 限', ['price']],
    ['竞品降价了', ['competitor']],
  ])('%s → %j', (text, tags) => {
    expect(tagsOf(text)).toEqual(tags);
  });

  it.each([
    ['They asked for a discount.', ['price']],
    ['Not interested in any discount', []],
    ["They don't want a discount", []],
    ['No complaints so far', []],
    ['without complaint', []],
    ['There is no time, but they want a discount', ['price']],
    ['not only too expensive, they had complaints as well', ['price', 'complains']],
    ['The discount is not an issue', []],
    ['not without complaints', ['complains']],
    ['They have no budget this year', ['price']],
    ['Too  Expensive\nfor them', ['price']],
    ['Discounted goods', []],
  ])('%s → %j', (text, tags) => {
    expect(tagsOf(text)).toEqual(tags);
  });
});

describe('explanations', () => {
  it('names the words that deny, in places of the text as typed', () => {
    const text = '🙂 客户说：ＳＡＰ　太贵，预算不是问题';
    const found = tagger.find(text);
    expect(found.map(({ phrase, start, end, counts }) => [phrase, text.slice(start, end), counts])).toEqual([
      ['SAP', 'ＳＡＰ', true],
      ['太贵', '太贵', true],
      ['预算', '预算', false],
    ]);
    const { because } = found[2] ?? {};
    expect(because?.why).toBe('denied');
    expect(text.slice(because?.start, because?.end)).toBe('不是问题');
  });

  it('says when a denial is denied, and from where to where', () => {
    const text = '不是没有预算';
    const [mention] = tagger.find(text);
    expect(mention).toMatchObject({ counts: true, because: { why: 'denied-twice', start: 0, end: 4 } });
  });

  it('says which longer phrase took the place of a shorter one', () => {
    const text = '竞品降价了';
    expect(tagger.find(text).filter(({ counts }) => !counts)).toEqual([
      { tag: 'price', phrase: '降价', start: 2, end: 4, counts: false, because: { why: 'within', start: 0, end: 4 } },
    ]);
  });

  it('one phrase may belong to several tags, an exception only to its own', () => {
    const two = createTagger([
      { tag: 'a', text: '升级' },
      { tag: 'b', text: '升级' },
      { tag: 'a', text: '投诉升级', except: true },
    ]);
    expect(two.find('投诉升级').map(({ tag, counts }) => [tag, counts])).toEqual([
      ['a', false],
      ['b', true],
    ]);
  });

  it('shows the sentence around a place', () => {
    const text = '电话接通。客户说预算有限，要分期！下周再谈';
    const at = text.indexOf('预算有限');
    const shown = sentenceAround(text, at, at + 4);
    expect(shown.text).toBe('客户说预算有限，要分期');
    expect(shown.text.slice(shown.start, shown.end)).toBe('预算有限');
    const long = sentenceAround(`${'很'.repeat(100)}太贵${'了'.repeat(100)}`, 100, 102, 10);
    expect(long.text).toBe(`…${'很'.repeat(10)}太贵${'了'.repeat(10)}…`);
    expect(long.text.slice(long.start, long.end)).toBe('太贵');
  });
});
