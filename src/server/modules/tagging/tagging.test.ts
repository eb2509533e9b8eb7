import sql from 'sql-template-tag';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TagEntryInput, TagExplanation, TagRunView } from '../../../contract/tagging.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { breaking } from '../automation/testing.ts';
import { applyTags } from './apply-tags.ts';
import { followTexts } from './follow-texts.ts';
import { type TestTagging, testTagging } from './testing.ts';

const PRICE = { tag: 'price', phrases: ['预算有限', '太贵', '预算'] };
const COMPLAINS = { field: 'risk_tags', tag: 'complains', phrases: ['投诉'], months: 3 };

describe('tags found in texts', { timeout: 60_000 }, () => {
  let t: TestTagging;
  beforeAll(async () => {
    t = await testTagging();
  });
  beforeEach(async () => {
    await t.settle();
    for (const table of ['tag_mention', 'tag_state', 'tag_run', 'interaction', 'ticket'])
      await t.db.query(sql`delete from ${tableOf('main', table)}`);
    const dictionary = await t.ask<{ entries: { id: string }[] }>('GET', '/tagging');
    for (const { id } of dictionary.entries)
      await t.ask('DELETE', `/tagging/entries/${id}?version=${await t.version()}`);
  });

  const explain = async (id: string): Promise<TagExplanation[]> =>
    (await t.ask<{ tags: TagExplanation[] }>('GET', `/tagging/customers/${id}`)).tags;

  it('a new interaction tags its customer, what is denied does not; the tag is an ordinary value with a history', async () => {
    await t.teach([PRICE]);
    const [a, b] = [await t.make('customer', { name: '甲' }), await t.make('customer', { name: '乙' })];
    const said = await t.say(a, '电话沟通。客户说预算有限，想分期。');
    await t.say(b, '预算不是问题，尽快发货');
    await t.settle();
    expect([await t.tags(a), await t.tags(b)]).toEqual([['price'], []]);
    const [first] = await t.engine.read.history(await t.ctxOf('system'), 'customer', a, { field: 'need_tags' });
    expect(first).toMatchObject({
      actor: 'system',
      source: 'rule',
      fields: [{ field: 'need_tags', after: ['price'] }],
    });
    const [tag] = await explain(a);
    expect(tag).toMatchObject({
      tag: 'price',
      by: 'texts',
      mentions: 1,
      until: '2026-09-03T02:00:00.000Z',
      becomes: null,
    });
    const [evidence] = tag?.evidence ?? [];
    expect(evidence).toMatchObject({ object: 'interaction', record: said, phrase: '预算有限' });
    expect(evidence?.sentence?.text).toBe('客户说预算有限，想分期');
    const found = await t.engine.read.list(await t.ctxOf('system'), {
      object: 'customer',
      fields: ['name'],
      filter: { field: 'need_tags', op: 'hasAny', value: ['price'] },
    });
    expect(found.rows.map(({ id }) => id)).toEqual([a]);
  });

  it('a person takes a tag away: the same words do not bring it back, not even by a look through everything; new words do', async () => {
    await t.teach([PRICE]);
    const id = await t.make('customer', { name: '丙' });
    const said = await t.say(id, '觉得太贵');
    await t.settle();
    expect(await t.tags(id)).toEqual(['price']);
    await t.change('customer', id, { need_tags: [] });
    await t.settle();
    const { id: run } = await t.ask<{ id: string }>('POST', '/tagging/runs');
    await t.advance(run);
    await t.ask('POST', `/tagging/runs/${run}/start`);
    await t.advance(run);
    await t.settle();
    expect(await t.tags(id)).toEqual([]);
    expect((await t.mentions()).map(({ state }) => state)).toEqual(['refused']);
    await t.say(id, '又说太贵了');
    await t.settle();
    expect(await t.tags(id)).toEqual(['price']);
    expect((await explain(id))[0]?.evidence.map(({ record }) => record)).not.toContain(said);
  });

  it('a text that is corrected takes its tag along, unless other words or a person stand behind it', async () => {
    await t.teach([COMPLAINS]);
    const [a, b, c] = [
      await t.make('customer', { name: '丁' }),
      await t.make('customer', { name: '戊' }),
      await t.make('customer', { name: '己', risk_tags: ['complains'] }),
    ];
    const tickets = [];
    for (const customer of [a, b, c])
      tickets.push(
        await t.make('ticket', { customer, subject: '质量', description: '客户要投诉', kind: 'consultation' }),
      );
    await t.say(b, '再次投诉');
    await t.settle();
    expect([await t.tags(a, 'risk_tags'), await t.tags(b, 'risk_tags')]).toEqual([['complains'], ['complains']]);
    for (const ticket of tickets) await t.change('ticket', ticket, { description: '客户很满意' });
    await t.settle();
    expect(await t.tags(a, 'risk_tags')).toEqual([]);
    expect(await t.tags(b, 'risk_tags')).toEqual(['complains']);
    expect(await t.tags(c, 'risk_tags')).toEqual(['complains']);
  });

  it('tags end when they were not heard for their time, or make way for another; what a person set stays', async () => {
    await t.teach([{ ...PRICE, becomes: 'bulk' }, COMPLAINS]);
    const [a, b] = [
      await t.make('customer', { name: '庚' }),
      await t.make('customer', { name: '辛', risk_tags: ['complains'] }),
    ];
    await t.say(a, '预算有限，还投诉了');
    await t.settle();
    t.later(80);
    await t.say(a, '又投诉');
    await t.settle();
    t.later(20);
    expect(await t.expire()).toBe(0);
    t.later(80);
    await t.expire();
    expect([await t.tags(a), await t.tags(a, 'risk_tags'), await t.tags(b, 'risk_tags')]).toEqual([
      ['price'],
      [],
      ['complains'],
    ]);
    t.later(10);
    await t.expire();
    await t.settle();
    expect(await t.tags(a)).toEqual(['bulk']);
    // The end of a tag is no refusal: the same words said again bring it back.
    await t.say(a, '预算有限');
    await t.settle();
    expect(await t.tags(a)).toEqual(expect.arrayContaining(['price', 'bulk']));
  });

  it('what was written before tagging was switched on is not read, however far behind the reader is', async () => {
    await t.teach([PRICE], false);
    const id = await t.make('customer', { name: '前' });
    await t.say(id, '太贵');
    t.later(1);
    await t.teach([COMPLAINS]);
    await t.settle();
    expect(await t.tags(id)).toEqual([]);
    await t.say(id, '还是太贵');
    await t.settle();
    expect(await t.tags(id)).toEqual(['price']);
  });

  it('what was said longer ago than a tag lives sets none', async () => {
    await t.teach([COMPLAINS]);
    const id = await t.make('customer', { name: '壬' });
    await t.say(id, '投诉', new Date(t.clock.now.getTime() - 100 * 86_400_000));
    await t.settle();
    expect(await t.tags(id, 'risk_tags')).toEqual([]);
  });

  it('a crash at any statement neither loses a tag nor sets it twice', async () => {
    await t.teach([PRICE]);
    const id = await t.make('customer', { name: '癸' });
    await t.say(id, '太贵');
    for (const what of [/insert into .*tag_mention/, /update .*outbox_cursor/]) {
      const db = breaking(t.db, what, 1);
      await expect(followTexts({ ...t.deps, db }, 'main')).rejects.toThrow('cut off');
    }
    expect(await t.mentions()).toEqual([]);
    await t.follow();
    // Another process acts on the same at the same time.
    await Promise.all([applyTags(t.deps, 'main'), applyTags(t.deps, 'main')]);
    t.later(1 / 24);
    await t.apply();
    expect(await t.tags(id)).toEqual(['price']);
    const history = await t.engine.read.history(await t.ctxOf('system'), 'customer', id, { field: 'need_tags' });
    expect(history.filter(({ kind }) => kind === 'update')).toHaveLength(1);
  });

  it('a look through all texts previews counts, sets tags as one change that can be undone, and stays undone', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      const id = await t.make('customer', { name: `旧客户${n}` });
      ids.push(id);
      await t.say(id, n < 3 ? '去年就说太贵' : '没有投诉，预算不是问题');
    }
    await t.settle();
    await t.teach([PRICE, COMPLAINS], false);
    const { id } = await t.ask<{ id: string }>('POST', '/tagging/runs');
    await expect(t.ask('POST', '/tagging/runs')).rejects.toThrow('tag-run-going');
    await t.advance(id);
    const [ready] = (await t.ask<{ runs: TagRunView[] }>('GET', '/tagging/runs')).runs;
    expect(ready).toMatchObject({ state: 'ready' });
    expect(ready?.counts.find(({ tag }) => tag === 'price')).toMatchObject({ customers: 3, texts: 3, denied: 2 });
    expect(ready?.counts.find(({ tag }) => tag === 'complains')).toMatchObject({ customers: 0, denied: 2 });
    expect(await t.tags(ids[0] ?? '')).toEqual([]);
    await t.ask('POST', `/tagging/runs/${id}/start`);
    await t.advance(id);
    const [done] = (await t.ask<{ runs: TagRunView[] }>('GET', '/tagging/runs')).runs;
    expect(done).toMatchObject({ state: 'done', done: 3, total: 3 });
    expect(await Promise.all(ids.map((one) => t.tags(one)))).toEqual([['price'], ['price'], ['price'], [], []]);
    await t.engine.write.undo(await t.ctxOf(`user:${t.boss.id}`), done?.changeSet ?? '');
    await t.settle();
    expect(await t.tags(ids[0] ?? '')).toEqual([]);
    expect(new Set((await t.mentions()).map(({ state }) => state))).toEqual(new Set(['refused']));
  });

  it('a look that is cancelled leaves nothing, and one that was interrupted goes on', async () => {
    await t.teach([PRICE], false);
    const id = await t.make('customer', { name: '停' });
    await t.say(id, '太贵');
    await t.settle();
    const stopped = new AbortController();
    stopped.abort();
    const { id: first } = await t.ask<{ id: string }>('POST', '/tagging/runs');
    await t.advance(first, stopped.signal);
    await t.advance(first);
    await t.ask('POST', `/tagging/runs/${first}/cancel`);
    expect(await t.mentions()).toEqual([]);
    await expect(t.ask('POST', `/tagging/runs/${first}/start`)).rejects.toThrow('tag-run-not-ready');
  });

  it('says why a sentence counts or not, and takes the product’s tags over with their names', async () => {
    const { presets } = await t.ask<{ presets: (TagEntryInput & { id: string; about: string })[] }>('GET', '/tagging');
    expect(presets.length).toBeGreaterThan(12);
    const wanted = presets.find(({ preset }) => preset === 'long-decision');
    if (!wanted) throw new Error('no preset');
    const { about: _, id: __, ...entry } = wanted;
    await t.teach([entry]);
    const { entries } = await t.ask<{ entries: { tag: string }[] }>('GET', '/tagging');
    expect(entries.map(({ tag }) => tag)).toEqual(['long-decision']);
    const catalog = await t.engine.catalog.get('main');
    const field = catalog.objects
      .find(({ name }) => name === 'customer')
      ?.fields.find(({ name }) => name === 'need_tags');
    expect(field?.options?.find(({ value }) => value === 'long-decision')?.label.zh).toBe('决策周期长');
    const { mentions } = await t.ask<{ mentions: { counts: boolean; because: unknown }[] }>('POST', '/tagging/try', {
      text: '不用走流程，但要上会',
    });
    expect(mentions).toMatchObject([
      { phrase: '走流程', counts: false, because: { why: 'denied', start: 0, end: 2 } },
      { phrase: '上会', counts: true, because: null },
    ]);
    await expect(t.ask('POST', '/tagging/runs').then(() => t.teach([{ tag: 'x', phrases: ['贵'] }]))).rejects.toThrow(
      'tag-entry-wrong',
    );
  });

  it('shows nobody words of a record that he may not read', async () => {
    await t.teach([PRICE]);
    const id = await t.make('customer', { name: '密', owner: t.seller.id });
    await t.say(id, '太贵');
    await t.settle();
    const reply = await t.seller({ method: 'GET', url: `/api/v1/tagging/customers/${id}` });
    expect(reply.statusCode).toBe(200);
    expect((await t.seller({ method: 'GET', url: '/api/v1/tagging' })).statusCode).toBe(403);
    const unknown = await t.seller({
      method: 'GET',
      url: '/api/v1/tagging/customers/01900000-0000-7000-8000-000000000000',
    });
    expect(unknown.statusCode).toBe(404);
  });
});
