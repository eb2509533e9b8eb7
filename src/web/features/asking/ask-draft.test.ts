import { describe, expect, it } from 'vitest';
import { choiceOf, type Draft, firstForm, isComplete, requestOf, toggled, withTemplate } from './ask-draft.ts';

const label = (text: string) => ({ zh: text, en: text });
const choice = (field: string, suggested: boolean) => ({
  field,
  label: label(field),
  masked: '***',
  state: 'stale' as const,
  suggested,
});
const template = (id: string) => ({
  id,
  label: label(id),
  occasion: 'plain' as const,
  subject: { zh: `${id}主题`, en: `${id} subject` },
  body: { zh: `${id}正文`, en: `${id} body` },
});
const person = (contact: string | null, email: string | null) => ({
  contact,
  name: contact ?? '客户',
  email,
  phone: null,
  fields: contact ? [choice('mobile', true)] : [],
});
const draft: Draft = {
  title: '甲公司',
  fields: [choice('mobile', true), choice('website', false)],
  people: [person(null, null), person('c1', 'li@x.cn'), person('c2', null)],
  templates: [template('confirm'), template('birthday')],
  expireDays: 14,
  remindDays: 3,
  mail: true,
};

describe('the ask dialog', () => {
  it('opens with what is past due and the first person with an address', () => {
    const form = firstForm(draft, 'zh');
    expect(form.fields).toEqual(['mobile']);
    expect(form.people).toEqual({ c1: { way: 'mail', fields: ['mobile'] } });
    expect(form.subject).toBe('confirm主题');
  });

  it('offers mail only where it would arrive', () => {
    const [, li, wang] = draft.people;
    if (!li || !wang) throw new Error('people');
    expect(choiceOf({ ...draft, mail: false }, li).way).toBe('link');
    expect(choiceOf(draft, wang).way).toBe('link');
  });

  it('sends who and what was chosen, and nothing of the others', () => {
    const form = { ...firstForm(draft, 'en'), fields: [] };
    expect(requestOf(form, draft, 'customer', 'id')).toMatchObject({
      fields: [],
      people: [{ contact: 'c1', way: 'mail', fields: ['mobile'] }],
      lang: 'en',
    });
  });

  it('is complete when everyone has something to confirm', () => {
    const form = firstForm(draft, 'zh');
    expect(isComplete(form)).toBe(true);
    expect(isComplete({ ...form, people: {} })).toBe(false);
    const nothing = { ...form, fields: [], people: { self: { way: 'link' as const, fields: [] } } };
    expect(isComplete(nothing)).toBe(false);
    expect(isComplete({ ...nothing, fields: toggled([], 'mobile') })).toBe(true);
  });

  it('another template or language brings its own words', () => {
    const form = withTemplate({ ...firstForm(draft, 'zh'), subject: '自己写的' }, draft, 'birthday', 'en');
    expect([form.subject, form.body]).toEqual(['birthday subject', 'birthday body']);
  });
});
