import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AdviserView } from '../../../contract/tagging.ts';
import { adviseTags } from './advise-tags.ts';
import { type TestTagging, testTagging } from './testing.ts';

interface Asked {
  path: string | undefined;
  key: string | undefined;
  body: { model: string; messages: { role: string; content: string }[] };
}

/** What another house's language model gets, and what it says. */
async function startModel() {
  const asked: Asked[] = [];
  const answer = { status: 200, content: '{"tags":[]}' };
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      asked.push({ path: request.url, key: request.headers.authorization, body });
      response.statusCode = answer.status;
      response.end(JSON.stringify({ choices: [{ message: { role: 'assistant', content: answer.content } }] }));
    });
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, asked, answer, close: () => server.close() };
}

describe('a language model that proposes tags', { timeout: 60_000 }, () => {
  let t: TestTagging;
  let model: Awaited<ReturnType<typeof startModel>>;
  beforeAll(async () => {
    t = await testTagging();
    model = await startModel();
    await t.teach([
      { tag: 'price', phrases: ['预算有限'] },
      { tag: 'urgent', phrases: ['加急'] },
    ]);
  });
  afterAll(() => model?.close());
  beforeEach(async () => {
    await t.settle();
    model.asked.length = 0;
    Object.assign(model.answer, { status: 200, content: '{"tags":[]}' });
    await t.db.query(sql`delete from w_main.tag_question`);
  });

  const setUp = (more: object = {}) =>
    t.ask('PUT', '/tagging/adviser', {
      ...{ on: true, address: model.url, model: 'test-model', daily: 100, key: 'secret-key' },
      ...more,
    });
  const advise = () => adviseTags(t.deps, 'main');
  const held = () =>
    t.db.query<{ record: string; wanted: { need_tags: string[] }; reason: string; actor: string }>(
      sql`select record, wanted, reason, actor from w_main.proposal order by at, id`,
    );

  it('is off, and asks nobody, until somebody sets it up; its key never comes out', async () => {
    const id = await t.make('customer', { name: '甲公司' });
    await t.say(id, '想尽快看到方案，越快越好');
    await t.settle();
    expect(await advise()).toBe(0);
    await setUp();
    const view = await t.ask<AdviserView>('GET', '/tagging/adviser');
    expect(view).toMatchObject({ on: true, hasKey: true, model: 'test-model' });
    expect(JSON.stringify(view)).not.toContain('secret-key');
    const [row] = await t.db.query<{ secret: Buffer }>(sql`select secret from w_main.tag_adviser`);
    expect(row?.secret.toString('latin1')).not.toContain('secret-key');
    expect((await t.seller({ method: 'GET', url: '/api/v1/tagging/adviser' })).statusCode).toBe(403);
    // What was written before it was on is not sent.
    expect(await advise()).toBe(0);
    expect(model.asked).toEqual([]);
  });

  it('is told no names and numbers, and only proposes; what it made up is left out', async () => {
    await setUp();
    const id = await t.make('customer', { name: '杭州远大机电有限公司', contact_name: '赵小云' });
    await t.make('contact', { name: '钱多多', customer: id });
    model.answer.content =
      '```json\n{"tags":[{"id":"2","quote":"越快越好"},{"id":"1","quote":"没钱"},{"id":"9","quote":"越快越好"}]}\n```';
    await t.say(id, '远大：杭州远大机电有限公司的赵小云和钱多多说越快越好，电话 13812345678，李总 a@b.cn');
    await t.settle();
    expect(await advise()).toBe(1);
    const [asked] = model.asked;
    expect(asked).toMatchObject({
      path: '/v1/chat/completions',
      key: 'Bearer secret-key',
      body: { model: 'test-model' },
    });
    const sent = JSON.stringify(asked?.body);
    expect(sent).toContain('越快越好');
    for (const secret of ['远大', '赵小云', '钱多多', '13812345678', 'a@b.cn', '李总'])
      expect(sent).not.toContain(secret);
    expect(await t.tags(id)).toEqual([]);
    expect(await held()).toEqual([
      { record: id, wanted: { need_tags: ['urgent'] }, reason: '语言模型建议：“越快越好”', actor: 'system' },
    ]);
    // The same text again, and another that says the same: proposed once.
    expect(await advise()).toBe(0);
    await t.say(id, '又说越快越好');
    await t.settle();
    await advise();
    expect(await held()).toHaveLength(1);
  });

  it('asks again later when it gets no answer, and not where asking is of no use', async () => {
    await setUp();
    const id = await t.make('customer', { name: '丙公司' });
    model.answer.status = 503;
    await t.say(id, '希望越快越好吧');
    await t.settle();
    await advise();
    expect(await advise()).toBe(0);
    t.later(1);
    model.answer.status = 200;
    expect(await advise()).toBe(1);
    expect(model.asked).toHaveLength(2);
    model.answer.status = 401;
    await t.say(id, '这一次也越快越好');
    await t.settle();
    await advise();
    t.later(1);
    expect(await advise()).toBe(0);
    expect((await t.ask<AdviserView>('GET', '/tagging/adviser')).error).toBe('HTTP 401');
  });

  it('asks no more than the day’s number, and no address of the own network unless that is allowed', async () => {
    await setUp({ daily: 1 });
    const id = await t.make('customer', { name: '丁公司' });
    await t.say(id, '第一条，越快越好');
    await t.say(id, '第二条，越快越好');
    await t.settle();
    expect(await advise()).toBe(1);
    expect(await advise()).toBe(0);
    expect(model.asked).toHaveLength(1);
    t.later(2);
    expect(await adviseTags({ ...t.deps, allowPrivate: false }, 'main')).toBe(1);
    expect(model.asked).toHaveLength(1);
    expect((await t.ask<AdviserView>('GET', '/tagging/adviser')).error).toContain('OUTGOING_PRIVATE');
  });

  it('can be tried on a sentence, which shows what is sent', async () => {
    await setUp();
    model.answer.content = '{"tags":[{"id":"1","quote":"没什么钱"}]}';
    const tried = await t.ask('POST', '/tagging/adviser/try', { text: '王总说没什么钱，电话 13812345678' });
    expect(tried).toEqual({
      ...{ sent: '[某人]说没什么钱,电话 [号码]', error: null },
      tags: [{ field: 'need_tags', tag: 'price', quote: '没什么钱' }],
    });
  });
});
