import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Access } from '../../../domain/access/types.ts';
import { designProblems, type FormDesign } from '../../../domain/forms/index.ts';
import { callsOf, challengeOf, solve, type TestForms, testForms } from './testing.ts';

let test: TestForms;
const { call, open, post, fill, publish, take, submissions, base } = callsOf(() => test);
beforeAll(async () => {
  test = await testForms();
});
beforeEach(() => {
  test.clock.now = new Date(test.clock.now.getTime() + 11 * 60_000);
});

const later = (seconds: number) => {
  test.clock.now = new Date(test.clock.now.getTime() + seconds * 1000);
};
const junkOf = async (id: string): Promise<Record<string, number>> => {
  await test.flush();
  return (await call<{ junk: Record<string, number> }>('GET', `/forms/${id}`)).junk;
};
const good = { 'a-q1': '连云港甲有限公司', 'a-q2': '13855550001' };

describe('junk at the door of a form', () => {
  it('is refused without the work, with work for another page, altered, too fast or too old, and is counted', async () => {
    const form = await publish();
    const other = await publish();
    const refused = async (fields: Record<string, string>) => {
      const reply = await post(form.path, { ...good, ...fields });
      expect(reply.statusCode).toBe(422);
      // Politely: what was typed stays, and a fresh challenge is there.
      expect(reply.body).toContain('value="连云港甲有限公司"');
      expect(challengeOf(reply.body)).not.toBe('');
      return reply.body;
    };
    const challenge = challengeOf((await open(form.path)).body);
    const solution = solve(challenge);
    expect(await refused({ challenge, solution })).toContain('安全验证没有完成');
    later(5);
    await refused({});
    await refused({ challenge, solution: '' });
    await refused({ challenge, solution: `${solution}0000000000000` });
    const [since = '', , ...rest] = challenge.split('.');
    await refused({ challenge: [since, '1', ...rest].join('.'), solution: '1' });
    const foreign = challengeOf((await open(other.path)).body);
    later(5);
    await refused({ challenge: foreign, solution: solve(foreign) });
    later(7 * 3600);
    expect(await refused({ challenge, solution })).toContain('页面打开得太久了');
    expect(await submissions(form)).toEqual([]);
    expect(await junkOf(form.id)).toEqual({ fast: 1, proof: 5, stale: 1 });
  });

  it('that fills in what nobody sees is thanked and put where people can look at it, and never becomes a customer', async () => {
    const form = await publish();
    const reply = await fill(
      form.path,
      { q1: '机器人有限公司', q2: '13855550002' },
      { homepage: 'http://spam.example' },
    );
    expect([reply.statusCode, reply.headers.location]).toEqual([303, `${form.path}/done?lang=zh`]);
    expect(await take()).toBe(false);
    const [one] = await submissions(form);
    expect(one).toMatchObject({ state: 'junk', answers: [{ value: '机器人有限公司' }, {}] });
    expect(await test.db.query(sql`select from w_main.customer where name = '机器人有限公司'`)).toEqual([]);
    // A person's browser may have filled it in: it can be taken out.
    expect(await call('POST', `/form-submissions/${one?.id}`, { do: 'create' })).toMatchObject({ state: 'created' });
  });

  it('makes the next challenge harder the more comes of an address, and then asks it to wait', async () => {
    const form = await publish({ perAddress: 5 });
    const bits = async (from: string) => {
      const page = await test.app.inject({ url: form.path, remoteAddress: from });
      return Number.parseInt(challengeOf(page.body).split('.')[1] ?? '', 36);
    };
    const usual = await bits('198.51.100.1');
    const challenges = [];
    for (let n = 0; n < 6; n++) challenges.push(challengeOf((await open(form.path)).body));
    later(5);
    const replies = [];
    for (const [n, challenge] of challenges.entries())
      replies.push(
        await post(form.path, {
          'a-q1': `淮安第${n}有限公司`,
          'a-q2': `1385555100${n}`,
          challenge,
          solution: solve(challenge),
        }),
      );
    expect(replies.map(({ statusCode }) => statusCode)).toEqual([303, 303, 303, 303, 303, 429]);
    expect(Number(replies[5]?.headers['retry-after'])).toBeGreaterThan(0);
    expect(replies[5]?.body).toContain('value="淮安第5有限公司"');
    expect(await bits('203.0.113.7')).toBeGreaterThan(usual);
    expect(await bits('198.51.100.1')).toBe(usual);
    // The same /64 is one subscriber, another address is not held up.
    expect((await fill(form.path, { q1: '别处有限公司', q2: '13855551009' }, {}, '198.51.100.1')).statusCode).toBe(303);
    expect(await junkOf(form.id)).toEqual({ address: 1 });
  });

  it('can’t be more than a form takes, at the same moment either, and after its last day', async () => {
    const form = await publish({ most: 3, closesAt: new Date(test.clock.now.getTime() + 3_600_000).toISOString() });
    const challenges = [];
    for (let n = 0; n < 8; n++) challenges.push(challengeOf((await open(form.path)).body));
    later(5);
    const replies = await Promise.all(
      challenges.map((challenge, n) =>
        post(form.path, {
          'a-q1': `南通第${n}有限公司`,
          'a-q2': `1385555200${n}`,
          challenge,
          solution: solve(challenge),
        }),
      ),
    );
    expect(replies.map(({ statusCode }) => statusCode).sort()).toEqual([303, 303, 303, 410, 410, 410, 410, 410]);
    expect(await submissions(form)).toHaveLength(3);
    const until = await publish({ closesAt: new Date(test.clock.now.getTime() + 60_000).toISOString() });
    expect((await open(until.path)).statusCode).toBe(200);
    later(61);
    const closed = await open(until.path);
    expect([closed.statusCode, closed.body.includes('已经停止接收')]).toEqual([410, true]);
  });
});

describe('the public page', () => {
  it('keeps to its policy, is framed by the sites named only, and speaks the reader’s language', async () => {
    const form = await publish({ sites: ['https://www.example.com'] });
    const { headers, body } = await open(form.path);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors https://www.example.com",
    );
    expect(headers['x-frame-options']).toBeUndefined();
    expect(headers['cache-control']).toBe('no-store');
    expect(body).not.toMatch(/ on[a-z]+="|style="|<script>/);
    const alone = await open((await publish()).path);
    expect(alone.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(alone.headers['x-frame-options']).toBeDefined();
    expect((await open(form.path, { 'accept-language': 'en' })).body).toContain(
      '<button type="submit" class="first">Send<',
    );
    const [, script = ''] = /<script src="([^"]+)"/.exec(body) ?? [];
    const { body: code, headers: of } = await open(script);
    expect(of['content-type']).toContain('javascript');
    // It runs as it stands, without the rest of the product.
    expect(() => new Function('document', code)({ querySelector: () => null })).not.toThrow();
  });

  it('takes nothing without the words that one was to agree to', async () => {
    const form = await publish({ consent: { purpose: 'care' } });
    expect((await open(form.path)).statusCode).toBe(200);
    await test.db.query(sql`update w_main.purpose set retired = true where id = 'care'`);
    // Visitors see a change within a second.
    await expect.poll(async () => (await open(form.path)).statusCode, { timeout: 10_000 }).toBe(410);
    const { problems } = await call<{ problems: string[] }>('GET', `/forms/${form.id}`);
    expect(problems).toEqual(['请对方同意的目的已停用，请另选一个']);
  });

  it('escapes what is typed and what the form says', async () => {
    const form = await publish({ title: { zh: '<b>标题</b>', en: '<b>title</b>' } });
    const { body } = await fill(form.path, { q1: '"><script>alert(1)</script>', q2: 'x' });
    expect(body).toContain('&quot;&gt;&lt;script&gt;alert(1)');
    expect(body).not.toContain('<b>');
  });

  it('is one and the same nothing for an address that is none, a draft, and one that is wrong', async () => {
    const id = uuidv7();
    const draft = await call<{ url: string }>('PUT', `/forms/${id}`, { design: base, version: 0 });
    for (const path of [new URL(draft.url).pathname, '/f/AAAAAAAAAAAA', '/f/x'])
      expect([path, (await open(path)).statusCode, (await post(path, good)).statusCode]).toEqual([path, 404, 404]);
  });
});

describe('what a form may ask', () => {
  it('is bound by what its maker may create and edit', async () => {
    const catalog = await test.engine.catalog.get('main');
    const customer = {
      rows: true,
      actions: ['read', 'create', 'update'],
      fields: { '*': 'edit', mobile: 'read' },
    } as const;
    const access: Access = { admin: false, objects: { customer: { ...customer, actions: [...customer.actions] } } };
    const words = (design: FormDesign) => designProblems(design, catalog, access).map(({ zh }) => zh);
    expect(words(base)).toEqual(['“手机”不能由您的表单填写']);
    expect(words({ ...base, questions: base.questions.filter(({ id }) => id !== 'q2') })).toEqual([]);
    expect(words({ ...base, object: 'contact' })).toEqual(['您不能新建这类记录，所以不能为它做表单']);
  });

  it('is checked before it is published: required fields, conditions on what is above, nothing twice', async () => {
    const catalog = await test.engine.catalog.get('main');
    const { access } = await test.adminCtx();
    const words = (patch: Partial<FormDesign>) =>
      designProblems({ ...base, ...patch }, catalog, access).map(({ zh }) => zh);
    const [name, mobile] = base.questions;
    if (!name || !mobile) throw new Error('no questions');
    const on = (question: string) => ({ match: 'all' as const, of: [{ question, is: 'filled' as const }] });
    expect(words({ questions: [mobile] })).toEqual(['缺少必填的“客户名称”']);
    expect(words({ questions: [{ ...mobile, when: on('q1') }, name] })).toEqual(['“手机”的显示条件只能看它上面的问题']);
    expect(words({ questions: [mobile, { ...name, when: on('q2') }] })).toEqual([
      '“客户名称”是必填字段，不能有显示条件',
    ]);
    expect(words({ questions: [name, mobile, { ...mobile, id: 'q9' }] })).toEqual(['“手机”问了两次']);
    const amount = { id: 'q8', object: 'customer', field: 'amount' };
    expect(words({ questions: [name, amount] })).toEqual(['问到了敏感信息，请选择征得同意的目的']);
    const id = uuidv7();
    await call('PUT', `/forms/${id}`, { design: { ...base, questions: [] }, version: 0 });
    await call('POST', `/forms/${id}/state`, { state: 'open' }, 422);
    await call('PUT', `/forms/${id}`, { design: base, version: 7 }, 409);
    await call('DELETE', `/forms/${id}`);
  });
});
