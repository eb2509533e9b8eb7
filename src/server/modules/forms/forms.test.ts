import sql from 'sql-template-tag';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FormView, SubmissionView } from '../../../contract/forms.ts';
import type { FieldValue } from '../../../domain/schema/types.ts';
import { callsOf, challengeOf, solve, type TestForms, testForms } from './testing.ts';

let test: TestForms;
const { call, open, post, fill, publish, take, submissions } = callsOf(() => test);
beforeAll(async () => {
  test = await testForms();
});
beforeEach(() => {
  // A while in which nothing was sent yet.
  test.clock.now = new Date(test.clock.now.getTime() + 11 * 60_000);
});

const values = async (id: string, object = 'customer') =>
  (await test.engine.read.get(await test.adminCtx(), object, id)).values;
async function customer(set: Record<string, FieldValue>, object = 'customer'): Promise<string> {
  const { outcomes } = await test.engine.write.write(await test.adminCtx(), [{ op: 'create', object, set }]);
  if (outcomes[0]?.status !== 'applied') throw new Error(JSON.stringify(outcomes));
  return outcomes[0].id;
}
const customers = async (): Promise<number> =>
  (await test.db.query<{ n: number }>(sql`select count(*)::int as n from w_main.customer where deleted_at is null`))[0]
    ?.n ?? 0;
/** Keys of records as the job would have kept them by now. */
const settle = async () => {
  const { followDuplicatesJob } = await import('../duplicates/index.ts');
  const job = followDuplicatesJob({
    ...{ ...test.engine, now: () => test.clock.now, workspaces: async () => ['main'], scanSoon: async () => undefined },
  });
  await job.handler({
    id: '',
    payload: {},
    attempt: 0,
    signal: new AbortController().signal,
    progress: async () => undefined,
  });
};

describe('what is filled in becomes a record', () => {
  it('once, with the form as its source, and what was typed is kept no longer', async () => {
    const form = await publish();
    const reply = await fill(form.path, { q1: '苏州甲科技有限公司', q2: '138 1111 0001', q5: '不该写入' });
    expect([reply.statusCode, reply.headers.location]).toEqual([303, `${form.path}/done?lang=zh`]);
    expect((await open(`${form.path}/done`)).body).toContain('会联系您');
    expect(test.woken.times).toBe(1);
    expect(await take()).toBe(true);
    expect(await take()).toBe(false);
    const [one] = await submissions(form);
    expect(one).toMatchObject({ state: 'created', title: '苏州甲科技有限公司', answers: [] });
    // Hidden by its condition, so it is not asked, whatever is sent.
    expect(await values(one?.record ?? '')).toMatchObject({ mobile: '13811110001', remark: null });
    const [entry] = await test.engine.read.history(await test.adminCtx(), 'customer', one?.record ?? '');
    expect(entry).toMatchObject({ source: 'form', actor: `form:${form.id}`, reason: '官网留言', kind: 'create' });
    expect(await test.deps.names('main', [`form:${form.id}`])).toEqual({ [`form:${form.id}`]: '官网留言' });
    expect(
      await test.db.query(sql`select from w_main.form_submission where form = ${form.id} and answers is not null`),
    ).toEqual([]);
  });

  it('says what is wrong beside the field, in the sentences of the write door, and keeps what was typed', async () => {
    const form = await publish();
    const { statusCode, body } = await fill(form.path, { q1: '无锡乙有限公司', q2: '1381111', q3: 'li@' });
    expect(statusCode).toBe(422);
    expect(body).toContain('value="无锡乙有限公司"');
    expect(body).toMatch(/id="a-q2" name="a-q2" aria-invalid="true" aria-describedby="p-q2"/);
    expect(body).toContain('id="p-q3"');
    const empty = await fill(form.path, { q1: '无锡乙有限公司' });
    expect(empty.body).toContain('id="p-q2"');
    expect(await submissions(form)).toEqual([]);
  });

  it('takes the same sent twice as one, and nothing else with a challenge that was used', async () => {
    const form = await publish();
    const challenge = challengeOf((await open(form.path)).body);
    test.clock.now = new Date(test.clock.now.getTime() + 5_000);
    const fields = { 'a-q1': '常州丙有限公司', 'a-q2': '13811110003', challenge, solution: solve(challenge) };
    const replies = await Promise.all([post(form.path, fields), post(form.path, fields), post(form.path, fields)]);
    expect(replies.map(({ statusCode }) => statusCode)).toEqual([303, 303, 303]);
    const other = await post(form.path, { ...fields, 'a-q1': '另一家有限公司' });
    expect(other.statusCode).toBe(422);
    expect(other.body).toContain('value="另一家有限公司"');
    expect(await submissions(form)).toHaveLength(1);
  });

  it('makes customer and contact together, writes what is fixed, its owner, the consents, and tells who is to be told', async () => {
    const form = await publish({
      also: 'contact',
      questions: [
        { id: 'q1', object: 'customer', field: 'name' },
        { id: 'q2', object: 'contact', field: 'name' },
        { id: 'q3', object: 'contact', field: 'mobile' },
        { id: 'q4', object: 'customer', field: 'amount' },
      ],
      consent: { purpose: 'marketing' },
      fixed: [{ field: 'source', value: 'website' }],
      owner: test.as.id,
      tell: [test.as.id],
    });
    const page = (await open(form.path)).body;
    expect(page).toContain('您同意我们向您介绍产品和活动');
    const answers = { q1: '镇江丁有限公司', q2: '钱七', q3: '13811110004', q4: '500000' };
    expect((await fill(form.path, answers)).body).toContain('id="p-consent"');
    expect((await fill(form.path, answers, { 'c-consent': 'yes' })).body).toContain('id="p-sensitive"');
    expect((await fill(form.path, answers, { 'c-consent': 'yes', 'c-sensitive': 'yes' })).statusCode).toBe(303);
    await take();
    const [one] = await submissions(form);
    expect(one?.why).toBe(null);
    expect(await values(one?.record ?? '')).toMatchObject({
      name: '镇江丁有限公司',
      source: 'website',
      owner: test.as.id,
    });
    const people = await test.db.query<{ id: string; name: string }>(
      sql`select id, name from w_main.contact where customer = ${one?.record}::uuid`,
    );
    expect(people).toMatchObject([{ name: '钱七' }]);
    const said = await test.db.query(
      sql`select purpose, separate, state, source from w_main.consent where person = ${people[0]?.id}::uuid order by separate`,
    );
    const line = { purpose: 'marketing', state: 'given', source: 'form' };
    expect(said).toEqual([
      { ...line, separate: false },
      { ...line, separate: true },
    ]);
    const notices = await test.db.query(
      sql`select kind, params from w_main.notification where record = ${one?.record}::uuid`,
    );
    expect(notices).toEqual([{ kind: 'form-created', params: { form: '官网留言' } }]);
  });
});

describe('nobody is made twice', () => {
  it('proposes to a customer on record what differs, and the page says nothing of it', async () => {
    const id = await customer({ name: '南京华信科技有限公司', mobile: '13822220001', email: 'old@huaxin.cn' });
    await settle();
    const form = await publish();
    const before = await customers();
    const known = await fill(form.path, { q1: '南京华信科技有限公司', q2: '13822220001', q3: 'new@huaxin.cn' });
    const stranger = await fill(form.path, { q1: '盐城没有此人有限公司', q2: '13822220009', q3: 'x@yancheng.cn' });
    expect([known.statusCode, known.headers.location, known.body]).toEqual([
      stranger.statusCode,
      stranger.headers.location,
      stranger.body,
    ]);
    await take();
    expect(await customers()).toBe(before + 1);
    const all = await submissions(form);
    const [, one] = all;
    expect(one).toMatchObject({ state: 'proposed', record: id, answers: [] });
    expect((await values(id)).email).toBe('old@huaxin.cn');
    const held = await test.db.query(
      sql`select wanted, source, actor, reason from w_main.proposal where record = ${id}::uuid`,
    );
    expect(held).toEqual([
      { wanted: { email: 'new@huaxin.cn' }, source: 'form', actor: `form:${form.id}`, reason: '官网留言' },
    ]);
  });

  it('sees that somebody sends twice, within one look and in two, before the index of duplicates knows', async () => {
    const form = await publish();
    const before = await customers();
    const answers = { q1: '扬州戊科技有限公司', q2: '13822220002', q3: 'a@yangzhou.cn' };
    await fill(form.path, answers);
    await fill(form.path, { ...answers, q3: 'b@yangzhou.cn' });
    await take();
    await fill(form.path, answers);
    await take();
    expect(await customers()).toBe(before + 1);
    expect((await submissions(form)).map(({ state }) => state)).toEqual(['same', 'proposed', 'created']);
  });

  it('two processes that take the same make it once', async () => {
    const form = await publish();
    const before = await customers();
    for (let n = 0; n < 6; n++)
      await fill(form.path, { q1: `泰州第${'一二三四五六'[n]}科技有限公司`, q2: `1383333000${n}` });
    await Promise.all([take(), take(), take()]);
    while (await take()) {
      // Whoever lost the race looks again.
    }
    expect(await customers()).toBe(before + 6);
    expect((await submissions(form)).map(({ state }) => state)).toEqual(Array(6).fill('created'));
  });
});

describe('what waits for a person', () => {
  it('is made, added to a record or put aside by who may, with what the door says against it', async () => {
    const form = await publish({ outcome: 'review' });
    await fill(form.path, { q1: '徐州己有限公司', q2: '13844440001' });
    await fill(form.path, { q1: '徐州庚有限公司', q2: '13844440002' });
    await take();
    const [second, first] = await submissions(form);
    expect(first).toMatchObject({
      state: 'held',
      why: '这张表单设置为先审后建',
      answers: [{ value: '徐州己有限公司' }, { value: '13844440001' }],
    });
    const made = await call<SubmissionView>('POST', `/form-submissions/${first?.id}`, { do: 'create' });
    expect(made).toMatchObject({ state: 'created', title: '徐州己有限公司', answers: [] });
    await call('POST', `/form-submissions/${first?.id}`, { do: 'create' }, 409);
    const aside = await call<SubmissionView>('POST', `/form-submissions/${second?.id}`, { do: 'reject' });
    expect(aside.state).toBe('rejected');
    // Somebody else put the same one on record meanwhile.
    const id = await customer({ name: '徐州庚有限公司', mobile: '13844440002' });
    await settle();
    await call('POST', `/form-submissions/${second?.id}`, { do: 'create' }, 409);
    const [now] = await submissions(form);
    expect(now?.candidates).toEqual([{ object: 'customer', id, title: '徐州庚有限公司' }]);
    const added = await call<SubmissionView>('POST', `/form-submissions/${now?.id}`, {
      do: 'attach',
      object: 'customer',
      record: id,
    });
    expect(added).toMatchObject({ state: 'same', record: id });
  });

  it('waits with the reason where the maker may do no more, and nothing is lost', async () => {
    const form = await publish();
    await fill(form.path, { q1: '宿迁辛有限公司', q2: '13844440003' });
    await test.db.query(sql`update w_main.form set author = 'nobody' where id = ${form.id}`);
    await take();
    const [one] = await submissions(form);
    expect(one).toMatchObject({ state: 'held', answers: [{ value: '宿迁辛有限公司' }, {}] });
    expect(one?.why).toContain('重新保存');
    expect((await call<FormView>('GET', `/forms/${form.id}`)).problems).toHaveLength(1);
  });
});
