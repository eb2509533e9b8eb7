import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { settled } from '../../../../test/support/database.ts';
import type { RuleInput } from '../../../contract/automation.ts';
import { MOST_A_MINUTE } from '../../../domain/automation/index.ts';
import { createEngine } from '../../engine.ts';
import { followRules } from './follow-changes.ts';
import { performFirings } from './perform-firings.ts';
import { becameA, breaking, rule, type TestAutomation, tell, testAutomation } from './testing.ts';

// Rules against the engine: each firing once per cause whatever breaks, never in circles, with its author's permissions at most.

let test: TestAutomation;

beforeAll(async () => {
  test = await testAutomation();
});
afterEach(() => test.clean());

describe('a firing', () => {
  it('follows a change with what was and what became, and says who is behind it', async () => {
    await test.addRule(
      becameA([
        { do: 'task', title: '拜访 {name}（原 {before.level}）', to: { who: 'owner' }, dueDays: 2, priority: 'high' },
      ]),
    );
    const id = await test.make('customer', { name: '华信', level: 'b', owner: test.seller.id });
    await test.settle();
    expect(await test.tasks()).toEqual([]);
    await test.change('customer', id, { level: 'a' });
    await test.change('customer', id, { remark: '已经是 A' });
    await test.settle();
    const [task, ...more] = await test.tasks();
    expect(more).toEqual([]);
    expect(task).toMatchObject({ title: '拜访 华信（原 B 潜力）', owner: test.seller.id, customer: id, rule: '规则' });
    const [firing] = await test.firings();
    expect(firing).toMatchObject({ record: id, state: 'done' });
    expect(task?.created_by).toBe(`rule:${firing?.rule}`);
    const [log] = (await test.boss({ method: 'GET', url: '/api/v1/rules/firings' })).json().firings;
    expect(log).toMatchObject({
      title: '华信',
      state: 'done',
      results: [{ do: 'task', object: 'task', id: task?.id }],
    });
    expect(log.wrote).toBe(firing?.wrote);
  });

  it('happens once, however often finding it and doing it are cut off', async () => {
    await test.addRule(
      becameA([
        { do: 'set', field: 'remark', value: '{name} 已是 A' },
        ...tell('{name}'),
        { do: 'task', title: '{name}', to: { who: 'owner' } },
      ]),
    );
    const ids: string[] = [];
    for (let n = 0; n < 12; n++)
      ids.push(await test.make('customer', { name: `第${n}家`, owner: test.seller.id, level: 'b' }));
    await test.settle();
    for (const id of ids) await test.change('customer', id, { level: 'a' });
    const { db } = test;
    // Finding: broken after the firings were written and before the place was, and in between.
    for (const what of [/update .*outbox_cursor/, /insert into .*automation_firing/]) {
      const broken = { ...test.deps, db: breaking(db, what, 1) };
      let cut = false;
      for (let tries = 0; tries < 400 && !cut; tries++)
        cut = await followRules(broken, 'main').then(
          () => false,
          () => true,
        );
      expect(cut).toBe(true);
      expect(await test.firings()).toEqual([]);
    }
    await test.follow();
    await test.follow();
    expect((await test.firings()).map(({ state }) => state)).toEqual(ids.map(() => 'waiting'));
    // Doing: broken in the transaction of the write door, after the task was written, before the note; then again behind it.
    for (const what of [/state = 'done'/, /insert into .*notification/]) {
      const write = {
        ...test.engine.write,
        write: (...[ctx, changes, options]: Parameters<typeof test.engine.write.write>) =>
          test.engine.write.write(ctx, changes, {
            ...options,
            alongside: async (tx, result) => {
              await options?.alongside?.(
                {
                  ...tx,
                  query: async (statement, name) => {
                    if (what.test(statement.text)) throw new Error('cut off');
                    return tx.query(statement, name);
                  },
                },
                result,
              );
            },
          }),
      };
      await performFirings({ ...test.deps, write }, 'main');
      expect(await test.tasks()).toEqual([]);
      expect(await test.told()).toEqual([]);
      test.later(0, 1);
    }
    await test.settle();
    expect((await test.tasks()).map(({ title }) => title).sort()).toEqual(ids.map((_, n) => `第${n}家`).sort());
    expect(await test.told()).toHaveLength(ids.length);
    for (const id of ids) expect((await test.values('customer', id)).remark).toContain('已是 A');
  });

  it('happens once when two processes do it at the same moment', async () => {
    await test.addRule(becameA([{ do: 'task', title: '{name}', to: { who: 'owner' } }]));
    for (let n = 0; n < 30; n++) await test.make('customer', { name: `并行${n}`, level: 'b' });
    await test.settle();
    const rows = await test.db.query<{ id: string }>(sql`select id from w_main.customer where name like '并行%'`);
    for (const { id } of rows) await test.change('customer', id, { level: 'a' });
    await Promise.all([test.follow(), test.follow()]);
    await Promise.all([test.perform(), test.perform(), test.perform()]);
    await test.settle();
    const titles = (await test.tasks()).map(({ title }) => title);
    expect([titles.length, new Set(titles).size]).toEqual([30, 30]);
  });

  it('tells of what was deleted, as it was', async () => {
    await test.addRule(rule({ on: 'deleted', object: 'customer' }, tell('{name} 被删除（{before.level}）')));
    const id = await test.make('customer', { name: '要走的', level: 'a', owner: test.boss.id });
    await test.settle();
    await test.write([{ op: 'delete', object: 'customer', id }]);
    await test.settle();
    expect((await test.told()).map(({ account, params }) => [account, params.text])).toEqual([
      [test.boss.id, '要走的 被删除（A 重点）'],
    ]);
  });

  it('follows what was written right after the rule was switched on in another process', async () => {
    const elsewhere = createEngine(test.db);
    await elsewhere.automation.ready('main');
    await followRules({ ...test.deps, ...elsewhere, accounts: test.deps.accounts }, 'main');
    await test.addRule(rule({ on: 'created', object: 'customer' }, tell('{name}')));
    await test.make('customer', { name: '刚刚', owner: test.seller.id });
    await settled(test.db);
    while (await followRules({ ...test.deps, ...elsewhere, accounts: test.deps.accounts }, 'main'));
    expect(await test.firings()).toHaveLength(1);
  });

  it('is not lost in a set too large to name its records', async () => {
    await test
      .addRule(rule({ on: 'created', object: 'product' }, [{ do: 'tag', field: 'name', add: [], remove: [] }]))
      .catch(() => undefined);
    await test.addRule(
      rule({ on: 'created', object: 'customer' }, [{ do: 'set', field: 'remark', value: '新客户' }], {
        if: { field: 'level', op: 'eq', value: 'c' },
      }),
    );
    const changes = Array.from({ length: 1300 }, (_, n) => ({
      op: 'create' as const,
      object: 'customer',
      id: uuidv7(),
      set: { name: `批量${n}`, level: n % 2 === 0 ? 'c' : 'b' },
    }));
    await test.write(changes);
    await test.settle();
    const [row] = await test.db.query<{ n: number }>(
      sql`select count(*)::int as n from w_main.customer where name like '批量%' and remark = '新客户'`,
    );
    expect(row?.n).toBe(650);
    expect(await test.firings()).toHaveLength(650);
  });

  it('does not follow imports, unless the rule wants it to', async () => {
    const quiet = await test.addRule(rule({ on: 'created', object: 'customer' }, tell('{name}'), { name: '不管导入' }));
    const loud = await test.addRule(
      rule({ on: 'created', object: 'customer', imports: true }, tell('{name}'), { name: '也管导入' }),
    );
    await test.write([{ op: 'create', object: 'customer', set: { name: '导入的', owner: test.seller.id } }], {
      kind: 'import',
      source: 'import',
    });
    await test.settle();
    const fired = (await test.firings()).map((one) => one.rule);
    expect([fired.includes(quiet), fired.includes(loud)]).toEqual([false, true]);
  });
});

describe('the guard', () => {
  it('lets no rule follow from itself, alone or in a circle', async () => {
    const set = (field: string, value: string): RuleInput['steps'] => [{ do: 'set', field, value }];
    await test.addRule(
      rule({ on: 'changed', object: 'customer', fields: ['remark'] }, set('next_step', '{next_step}+'), { name: '甲' }),
    );
    await test.addRule(
      rule({ on: 'changed', object: 'customer', fields: ['next_step'] }, set('remark', '{remark}+'), { name: '乙' }),
    );
    await test.addRule(
      rule({ on: 'changed', object: 'customer', fields: ['remark'] }, set('remark', '{remark}!'), { name: '自己' }),
    );
    const id = await test.make('customer', { name: '环', remark: 'x' });
    await test.settle();
    await test.change('customer', id, { remark: 'y' });
    await test.settle();
    const states = (await test.firings()).map(({ state, error }) => `${state} ${error?.code ?? ''}`.trim());
    expect(states.filter((one) => one === 'blocked own-consequence').length).toBeGreaterThanOrEqual(3);
    expect(states.filter((one) => one === 'done').length).toBeLessThanOrEqual(6);
  });

  it('stops a rule that others answer for ever, says why, and lets it go on when told to', async () => {
    const id = await test.addRule(
      rule(
        { on: 'changed', object: 'customer', fields: ['remark'] },
        [{ do: 'set', field: 'next_step', value: '{remark}' }],
        { name: '被回应的' },
      ),
    );
    const customer = await test.make('customer', { name: '回声', remark: '0' });
    await test.settle();
    // Another system answers each consequence with the next change.
    for (let n = 1; n <= MOST_A_MINUTE + 5; n++) {
      await test.change('customer', customer, { remark: String(n) });
      await test.settle();
    }
    const done = await test.firings();
    expect(done.filter(({ state }) => state === 'done')).toHaveLength(MOST_A_MINUTE);
    const read = async () => (await test.boss({ method: 'GET', url: '/api/v1/rules' })).json().rules[0];
    expect((await read()).stopped).toMatchObject({ code: 'too-often', record: customer, count: MOST_A_MINUTE });
    test.later(0, 1);
    await test.boss({ method: 'POST', url: `/api/v1/rules/${id}/resume` });
    expect((await read()).stopped).toBeNull();
    await test.change('customer', customer, { remark: '又来' });
    await test.settle();
    expect(await test.firings()).toHaveLength(MOST_A_MINUTE + 1);
  });

  it('does what its author may, and no more; his leaving ends it', async () => {
    const read = (await test.boss({ method: 'GET', url: '/api/v1/rules' })).json();
    const refused = await test.seller({
      method: 'PUT',
      url: `/api/v1/rules/${uuidv7()}`,
      payload: { rule: becameA(tell('{name}')), version: read.version },
    });
    expect(refused.statusCode).toBe(403);
    const other = await test.account('admin');
    await test.addRule(becameA([{ do: 'set', field: 'remark', value: '改过' }]), other);
    const id = await test.make('customer', { name: '权限', level: 'b' });
    await test.settle();
    await test.db.query(sql`update auth."user" set role = 'member' where id::text = ${other.id}`);
    await test.db.query(
      sql`insert into w_main.person_role (account, roles, updated_by) values (${other.id}, '{sales}', 't')`,
    );
    test.engine.access.forget();
    await test.change('customer', id, { level: 'a' });
    await test.settle();
    expect((await test.firings()).map(({ state, error }) => [state, error?.code])).toEqual([
      ['skipped', 'record-gone'],
    ]);
    await test.db.query(sql`update auth."user" set disabled = true where id::text = ${other.id}`);
    await test.change('customer', id, { level: 'b' });
    await test.change('customer', id, { level: 'a' });
    await test.settle();
    expect((await test.firings()).at(-1)).toMatchObject({ state: 'skipped', error: { code: 'author-gone' } });
    expect((await test.values('customer', id)).remark).toBeNull();
  });

  it('tells nobody what he may not see', async () => {
    await test.addRule(
      rule({ on: 'changed', object: 'contact', fields: ['name'] }, [
        { do: 'notify', to: { who: 'person', account: test.seller.id }, text: '{name} {mobile}' },
      ]),
    );
    await test.db.query(
      sql`insert into w_main.person_role (account, roles, updated_by) values (${test.seller.id}, '{sales}', 't') on conflict do nothing`,
    );
    test.engine.access.forget();
    const strange = await test.make('contact', {
      name: '张三',
      mobile: '13800138000',
      customer: await test.make('customer', { name: '别人的' }),
    });
    await test.settle();
    await test.change('contact', strange, { name: '张三丰' });
    await test.settle();
    const [notice] = await test.told();
    expect(notice?.params.text).toBe('— —');
    await test.db.query(sql`delete from w_main.person_role where account = ${test.seller.id}`);
    test.engine.access.forget();
  });
});
