import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProposalDecision } from '../../../contract/proposals.ts';
import type { DecideRule, HoldRule, ReviewRules, Trial } from '../../../domain/review/index.ts';
import { testInbox } from '../proposals/testing.ts';

let inbox: Awaited<ReturnType<typeof testInbox>>;

beforeAll(async () => {
  inbox = await testInbox();
});
beforeEach(async () => {
  await inbox.clear();
  await save({});
});

const uuid = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;

const decide = (n: number, rule: Partial<DecideRule>): DecideRule => ({
  id: uuid(n),
  name: `规则${n}`,
  from: [],
  object: 'customer',
  fields: [],
  action: 'accept',
  ...rule,
});

const hold = (n: number, rule: Partial<HoldRule>): HoldRule => ({
  id: uuid(n),
  name: `留置${n}`,
  object: 'customer',
  fields: [],
  from: [],
  ...rule,
});

interface Kept {
  version: number;
  rules: ReviewRules;
  done: Record<string, { fields: number; undone: number }>;
}
const kept = () => inbox.call<Kept>('GET', '/review/rules');

async function save(rules: Partial<ReviewRules>, open = false): Promise<number> {
  const { version } = await kept();
  const body = { rules: { decide: [], hold: [], ...rules }, version, open };
  return (await inbox.call<{ version: number }>('PUT', '/review/rules', body)).version;
}

const decisions = async () =>
  (await inbox.call<{ decisions: ProposalDecision[] }>('GET', '/proposals/decisions?by=rules')).decisions;

describe('rules that decide', () => {
  it('the first that fits a field counts: empty fields are filled, others wait', async () => {
    await save({
      decide: [
        decide(1, { fields: ['email'], action: 'hold' }),
        decide(2, { from: ['customer'], only: 'empty' }),
        decide(3, { fields: ['address'], action: 'reject' }),
      ],
    });
    const id = await inbox.create({ name: '规则甲', mobile: '13800138000' });
    const proposal = await inbox.propose(id, {
      contact_name: '李四',
      email: 'li@jia.cn',
      mobile: '13700000001',
    });
    expect(await inbox.judge()).toBe(1);
    expect(await inbox.values(id)).toMatchObject({ contact_name: '李四', mobile: '13800138000' });
    expect(
      (await inbox.open())[0]?.fields
        .filter(({ open }) => open)
        .map(({ field }) => field)
        .sort(),
    ).toEqual(['email', 'mobile']);
    const [done] = await decisions();
    expect(done).toMatchObject({ field: 'contact_name', rule: { id: uuid(2), name: '规则2' }, proposal });
    expect((await kept()).done).toMatchObject({ [uuid(2)]: { fields: 1, undone: 0 } });
    // Once each.
    expect(await inbox.judge()).toBe(0);
  });

  it('go by condition and confidence, and never overwrite what changed since', async () => {
    await save({
      decide: [decide(4, { confidence: 0.9, filter: { field: 'level', op: 'in', value: ['c'] } })],
    });
    const common = await inbox.create({ name: '普通', level: 'c', mobile: '13800138001' });
    const vip = await inbox.create({ name: '重点', level: 'a', mobile: '13800138002' });
    const moved = await inbox.create({ name: '已改', level: 'c', mobile: '13800138003' });
    await inbox.propose(common, { mobile: '13700000011' });
    await inbox.propose(vip, { mobile: '13700000012' });
    await inbox.propose(moved, { mobile: '13700000013' });
    await inbox.write({ op: 'update', object: 'customer', id: moved, set: { mobile: '13600000013' } });
    await inbox.propose(common, { email: 'import@x.cn' }, { source: 'import', actor: `user:${inbox.admin.id}` });
    await inbox.judge();
    expect(await inbox.values(common)).toMatchObject({ mobile: '13700000011', email: null });
    expect((await inbox.open()).map(({ title }) => title).sort()).toEqual(['已改', '普通', '重点']);
  });

  it('a decision of a rule can be taken back, and stays with people then', async () => {
    await save({ decide: [decide(5, {})] });
    const id = await inbox.create({ name: '撤回', mobile: '13800138004' });
    await inbox.propose(id, { mobile: '13700000014' });
    await inbox.judge();
    const [done] = await decisions();
    await inbox.call('POST', '/proposals/undo', { batch: done?.batch, decisions: [done?.id] });
    expect(await inbox.values(id)).toMatchObject({ mobile: '13800138004' });
    expect(await inbox.judge()).toBe(0);
    expect(await inbox.open()).toHaveLength(1);
    expect((await kept()).done[uuid(5)]).toEqual({ fields: 1, undone: 1 });
  });

  it('look at what is open already only when told to', async () => {
    const id = await inbox.create({ name: '旧的', mobile: '13800138005' });
    await inbox.propose(id, { mobile: '13700000015' });
    await inbox.judge();
    await save({ decide: [decide(6, { action: 'reject' })] });
    expect(await inbox.judge()).toBe(0);
    await save({ decide: [decide(6, { action: 'reject' })] }, true);
    expect(await inbox.judge()).toBe(1);
    expect(await inbox.open()).toEqual([]);
  });
});

describe('a dry run', () => {
  it('says what rules would have done, and where people decided otherwise', async () => {
    const id = await inbox.create({ name: '试跑', mobile: '13800138006' });
    const ids: string[] = [];
    for (const n of [1, 2, 3, 4]) ids.push(await inbox.propose(id, { contact_name: `人${n}` }));
    await inbox.propose(id, { mobile: '13700000016' });
    const old = new Date(Date.now() - 60 * 86_400_000);
    await inbox.propose(id, { contact_name: '很久以前' }, { at: old });
    await inbox.call('POST', `/proposals/${ids[0]}/reject`, {});
    await inbox.call('POST', `/proposals/${ids[1]}/accept`, {});
    const rules = [decide(7, { from: ['customer'], only: 'empty' })];
    const trial = await inbox.call<{ fields: number; total: Trial; rules: Record<string, Trial> }>(
      'POST',
      '/review/rules/try',
      { decide: rules },
    );
    expect(trial.fields).toBe(5);
    expect(trial.total).toEqual({
      accept: 4,
      reject: 0,
      acceptedAgainst: 1,
      rejectedAgainst: 0,
      hold: 1,
      undecided: 2,
    });
    expect(trial.rules[uuid(7)]).toMatchObject({ accept: 4, acceptedAgainst: 1 });
    // Nothing was written.
    expect(await inbox.values(id)).toMatchObject({ mobile: '13800138006' });
  });
});

describe('rules that hold', () => {
  it('hold a number too far from the one before, whoever types it; the rest is written', async () => {
    await save({ hold: [hold(10, { fields: ['amount'], times: 3 })] });
    const id = await inbox.create({ name: '倍数', amount: '100000' });
    const outcome = await inbox.write({
      op: 'update',
      object: 'customer',
      id,
      set: { amount: '450000', contact_name: '钱七' },
    });
    expect(outcome).toMatchObject({ status: 'applied', issues: [{ code: 'held-rule', params: { rule: '留置10' } }] });
    expect(await inbox.values(id)).toMatchObject({ amount: '100000', contact_name: '钱七' });
    expect((await inbox.open('&from=rule'))[0]).toMatchObject({
      origins: ['colleague', 'rule'],
      fields: [{ field: 'amount', heldBy: { name: '留置10', times: 4.5 } }],
    });
    expect(await inbox.write({ op: 'update', object: 'customer', id, set: { amount: '250000' } })).toMatchObject({
      status: 'applied',
    });
  });

  it('hold what members change in a field; a second pair of eyes must accept it', async () => {
    await save({ hold: [hold(11, { fields: ['level'], by: 'member', overwrites: true })] });
    const id = await inbox.create({ name: '等级', level: 'c' });
    const access = await inbox.memberAccess();
    const asMember = { actor: `user:${inbox.member.id}`, access };
    const change = { op: 'update' as const, object: 'customer', id, set: { level: 'a' } };
    expect(await inbox.write(change, asMember)).toMatchObject({ status: 'held' });
    const [proposal] = await inbox.open();
    await expect(inbox.asMember('POST', `/proposals/${proposal?.id}/accept`, {})).rejects.toThrow('proposal-own');
    await inbox.call('POST', `/proposals/${proposal?.id}/accept`, {});
    expect(await inbox.values(id)).toMatchObject({ level: 'a' });
    // An administrator's own change passes, and so does filling in.
    const blank = await inbox.create({ name: '空等级' });
    expect(await inbox.write({ ...change, set: { level: 'b' } })).toMatchObject({ status: 'applied' });
    expect(await inbox.write({ ...change, id: blank }, asMember)).toMatchObject({ status: 'applied' });
  });

  it('hold by trust: a file of unknown age, unless somebody vouches for the column', async () => {
    await save({ hold: [hold(12, { from: ['import'], trustBelow: 0.9, overwrites: true })] });
    const id = await inbox.create({ name: '导入', mobile: '13800138007', email: 'a@a.cn' });
    const change = { op: 'update' as const, object: 'customer', id };
    expect(await inbox.write({ ...change, set: { mobile: '13700000017' } }, { source: 'import' })).toMatchObject({
      status: 'held',
    });
    const vouched = { ...change, set: { email: 'b@a.cn' }, verify: { fields: ['email'], method: 'document' as const } };
    expect(await inbox.write(vouched, { source: 'import' })).toMatchObject({ status: 'applied' });
    expect(await inbox.open()).toMatchObject([{ fields: [{ heldBy: { trust: 0.76 }, confidence: 0.76 }] }]);
  });

  it('do not let a confirmation stick to the value that stays', async () => {
    await save({ hold: [hold(13, { fields: ['mobile'] })] });
    const id = await inbox.create({ name: '核实', mobile: '13800138008' });
    await inbox.write({
      op: 'update',
      object: 'customer',
      id,
      set: { mobile: '13700000018' },
      verify: { fields: ['mobile'], method: 'phone' },
    });
    const row = await inbox.engine.read.get(await inbox.ctx(), 'customer', id, { freshness: true });
    expect(row.freshness?.cells.mobile?.method).not.toBe('phone');
  });

  it('look at the record before: a condition', async () => {
    await save({
      hold: [hold(14, { fields: ['mobile'], filter: { field: 'level', op: 'in', value: ['a'] } })],
    });
    const [vip, other] = [
      await inbox.create({ name: '重点客户', level: 'a', mobile: '13800138009' }),
      await inbox.create({ name: '普通客户', level: 'c', mobile: '13800138010' }),
    ];
    const set = (id: string) => inbox.write({ op: 'update', object: 'customer', id, set: { mobile: '13700000019' } });
    expect([(await set(vip))?.status, (await set(other))?.status]).toEqual(['held', 'applied']);
  });
});

describe('the rules themselves', () => {
  it('are versions with an author; who saves on top of an older one is told', async () => {
    const { version } = await kept();
    const body = { rules: { decide: [decide(20, {})], hold: [] }, version, reason: '试行一个月' };
    await inbox.call('PUT', '/review/rules', body);
    await expect(inbox.call('PUT', '/review/rules', body)).rejects.toThrow('review-rules-changed');
    await expect(inbox.asMember('PUT', '/review/rules', { ...body, version: version + 1 })).rejects.toThrow();
    const { versions } = await inbox.call<{ versions: { authorName: string; reason: string }[] }>(
      'GET',
      '/review/rules/versions',
    );
    expect(versions[0]).toMatchObject({ authorName: 'admin 1', reason: '试行一个月' });
  });

  it('must be about what exists, and hold by the record alone', async () => {
    await expect(save({ decide: [decide(21, { fields: ['nonsense'] })] })).rejects.toThrow('review-rule-field');
    await expect(save({ decide: [decide(22, { filter: { field: 'x', op: 'empty' } })] })).rejects.toThrow(
      'review-rule-condition',
    );
    await expect(save({ hold: [hold(23, { filter: { field: 'mobile', op: 'stale' } })] })).rejects.toThrow(
      'review-rule-condition',
    );
  });
});
