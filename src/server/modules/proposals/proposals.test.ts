import sql from 'sql-template-tag';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { settled } from '../../../../test/support/database.ts';
import type { ProposalDecision } from '../../../contract/proposals.ts';
import { followSets } from './follow-records.ts';
import { testInbox } from './testing.ts';

let inbox: Awaited<ReturnType<typeof testInbox>>;

beforeAll(async () => {
  inbox = await testInbox();
});
beforeEach(async () => {
  await inbox.clear();
});

interface Decided {
  batch: string;
  fields: number;
  proposals: number;
  failed: { id: string; code: string }[];
  next?: string;
}

describe('a proposal', () => {
  it('is decided field by field, and leaves the inbox with the last one', async () => {
    const id = await inbox.create({ name: '甲公司', mobile: '13800138000', email: 'a@jia.cn' });
    const proposal = await inbox.propose(id, { mobile: '13700000001', email: 'b@jia.cn', contact_name: '李四' });
    await inbox.call('POST', `/proposals/${proposal}/accept`, { fields: ['mobile'] });
    expect(await inbox.values(id)).toMatchObject({ mobile: '13700000001', email: 'a@jia.cn' });
    const [left] = await inbox.open();
    expect(
      left?.fields
        .filter(({ open }) => open)
        .map(({ field }) => field)
        .sort(),
    ).toEqual(['contact_name', 'email']);
    await inbox.call('POST', `/proposals/${proposal}/reject`, { fields: ['email'], note: '旧邮箱还在用' });
    await inbox.call('POST', `/proposals/${proposal}/accept`, {});
    expect(await inbox.open()).toEqual([]);
    expect(await inbox.values(id)).toMatchObject({ email: 'a@jia.cn', contact_name: '李四' });
    const { decisions } = await inbox.call<{ decisions: ProposalDecision[] }>('GET', '/proposals/decisions');
    expect(decisions.map(({ field, decision, note }) => [field, decision, note])).toEqual([
      ['contact_name', 'accepted', null],
      ['email', 'rejected', '旧邮箱还在用'],
      ['mobile', 'accepted', null],
    ]);
    await expect(inbox.call('POST', `/proposals/${proposal}/accept`, {})).rejects.toThrow('proposal-decided');
  });

  it('shows what stood there, stands there now, and is wanted; who changed it meanwhile', async () => {
    const id = await inbox.create({ name: '乙公司', mobile: '13800138001' });
    const proposal = await inbox.propose(id, { mobile: '13700000002' });
    expect((await inbox.open())[0]?.fields[0]).toMatchObject({ standing: 'clean', confidence: 0.999 });
    await inbox.write(
      { op: 'update', object: 'customer', id, set: { mobile: '13600000003' } },
      { actor: `user:${inbox.member.id}` },
    );
    const [seen] = await inbox.open();
    expect(seen?.fields[0]).toMatchObject({
      standing: 'changed',
      before: '13800138001',
      wanted: '13700000002',
      nowText: expect.stringContaining('136'),
      changedBy: 'member 2',
    });
    await expect(inbox.call('POST', `/proposals/${proposal}/accept`, {})).rejects.toThrow('proposal-outdated');
    // What was changed after he looked was not seen by him either.
    await inbox.write(
      { op: 'update', object: 'customer', id, set: { mobile: '13600000004' } },
      { actor: `user:${inbox.member.id}` },
    );
    const stale = { overwrite: true, seen: seen?.version };
    await expect(inbox.call('POST', `/proposals/${proposal}/accept`, stale)).rejects.toThrow('proposal-outdated');
    const [again] = await inbox.open();
    await inbox.call('POST', `/proposals/${proposal}/accept`, { overwrite: true, seen: again?.version });
    expect(await inbox.values(id)).toMatchObject({ mobile: '13700000002' });
  });

  it('that the record says by now is done without a change', async () => {
    const id = await inbox.create({ name: '丙公司', mobile: '13800138002' });
    const proposal = await inbox.propose(id, { mobile: '13700000005' });
    await inbox.write({ op: 'update', object: 'customer', id, set: { mobile: '13700000005' } });
    expect((await inbox.open())[0]?.fields[0]?.standing).toBe('already');
    await inbox.call('POST', `/proposals/${proposal}/accept`, {});
    expect(await inbox.open()).toEqual([]);
  });
});

describe('undo', () => {
  it('gives the value back and lets the field wait again', async () => {
    const id = await inbox.create({ name: '丁公司', mobile: '13800138003' });
    const proposal = await inbox.propose(id, { mobile: '13700000006' });
    const { batch } = await inbox.asMember<{ batch: string }>('POST', `/proposals/${proposal}/accept`, {});
    expect(await inbox.asMember('POST', '/proposals/undo', { batch })).toEqual({ fields: 1, skipped: 0 });
    expect(await inbox.values(id)).toMatchObject({ mobile: '13800138003' });
    expect((await inbox.open())[0]?.fields[0]).toMatchObject({ open: true, standing: 'clean' });
    // And can be decided once more.
    await inbox.call('POST', `/proposals/${proposal}/accept`, {});
    expect(await inbox.values(id)).toMatchObject({ mobile: '13700000006' });
  });

  it('is of who decided, or of an administrator', async () => {
    const id = await inbox.create({ name: '戊公司', mobile: '13800138004' });
    const proposal = await inbox.propose(id, { mobile: '13700000007' });
    const { batch } = await inbox.call<{ batch: string }>('POST', `/proposals/${proposal}/reject`, {});
    await expect(inbox.asMember('POST', '/proposals/undo', { batch })).rejects.toThrow('not-found');
    await inbox.call('POST', '/proposals/undo', { batch });
    expect(await inbox.open()).toHaveLength(1);
  });
});

describe('many at once', () => {
  it('are accepted as far as they can be; those changed since stay and are told', async () => {
    const ids = await Promise.all([1, 2, 3].map((n) => inbox.create({ name: `批量${n}`, mobile: `1380013801${n}` })));
    const proposals: string[] = [];
    for (const [n, id] of ids.entries()) proposals.push(await inbox.propose(id, { mobile: `1370000001${n}` }));
    await inbox.write({ op: 'update', object: 'customer', id: ids[1] ?? '', set: { mobile: '13600000009' } });
    const items = proposals.map((id) => ({ id }));
    const done = await inbox.call<Decided>('POST', '/proposals/decide', { decision: 'accept', items });
    expect(done).toMatchObject({ fields: 2, proposals: 2, failed: [{ id: proposals[1], code: 'proposal-outdated' }] });
    expect((await inbox.open()).map(({ id }) => id)).toEqual([proposals[1]]);
    await inbox.call('POST', '/proposals/undo', { batch: done.batch });
    expect(await inbox.open()).toHaveLength(3);
    expect(await inbox.values(ids[0] ?? '')).toMatchObject({ mobile: '13800138011' });
  });

  it('that match are decided in portions, none that came later, only in the field that was chosen', async () => {
    const id = await inbox.create({ name: '很多', mobile: '13800138020', email: 'x@y.cn' });
    for (let n = 0; n < 130; n++) await inbox.propose(id, { contact_name: `张${n}`, email: `n${n}@y.cn` });
    const [newest] = await inbox.open();
    await inbox.propose(id, { email: 'later@y.cn' });
    const matching = { field: 'email', upTo: newest?.id };
    const first = await inbox.call<Decided>('POST', '/proposals/decide', { decision: 'reject', matching });
    expect(first).toMatchObject({ fields: 100, next: expect.any(String) });
    const again = { decision: 'reject', matching, after: first.next, batch: first.batch };
    const second = await inbox.call<Decided>('POST', '/proposals/decide', again);
    expect([second.fields, second.next, second.batch]).toEqual([30, undefined, first.batch]);
    expect(await inbox.open('&field=email')).toHaveLength(1);
    expect((await inbox.call<{ total: number }>('GET', '/proposals/facets?field=contact_name')).total).toBe(130);
  });

  it('meant: only where it is known what was meant', async () => {
    const id = await inbox.create({ name: '金额', amount: '120000' });
    for (const amount of ['121000', '118000', '125000'])
      await inbox.write({ op: 'update', object: 'customer', id, set: { amount } });
    expect(await inbox.write({ op: 'update', object: 'customer', id, set: { amount: '125000万' } })).toMatchObject({
      status: 'held',
    });
    const other = await inbox.propose(id, { contact_name: '王五' });
    const [odd] = await inbox.open('&from=odd');
    expect(odd?.fields[0]?.confidence).toBeLessThan(0.5);
    const items = [{ id: odd?.id }, { id: other }];
    const done = await inbox.call<Decided>('POST', '/proposals/decide', { decision: 'meant', items });
    expect(done.fields).toBe(1);
    expect(await inbox.values(id)).toMatchObject({ amount: '125000' });
    expect((await inbox.open()).map((one) => one.id)).toEqual([other]);
  });
});

describe('who sees what', () => {
  it('members neither see nor decide what they may not read; masked fields are left out', async () => {
    const id = await inbox.create({ name: '保密', amount: '1000', mobile: '13800138030' });
    await inbox.propose(id, { amount: '2000' });
    const both = await inbox.propose(id, { amount: '3000', mobile: '13700000030' });
    const { proposals } = await inbox.asMember<{ proposals: { id: string; fields: { field: string }[] }[] }>(
      'GET',
      '/proposals?state=held',
    );
    expect(proposals.map((one) => [one.id, one.fields.map(({ field }) => field)])).toEqual([[both, ['mobile']]]);
    await expect(inbox.asMember('POST', `/proposals/${both}/accept`, { fields: ['amount'] })).rejects.toThrow(
      'proposal-forbidden',
    );
    // “All” of it means all that is his to decide.
    await inbox.asMember('POST', `/proposals/${both}/accept`, {});
    expect(await inbox.values(id)).toMatchObject({ amount: '1000', mobile: '13700000030' });
    expect((await inbox.open()).length).toBe(2);
  });

  it('mine are those of records I look after; they follow the owner, and leave with the record', async () => {
    const me = inbox.admin.id;
    const id = await inbox.create({ name: '我的', owner: me, mobile: '13800138040' });
    await inbox.propose(id, { mobile: '13700000040' });
    const counts = () => inbox.call<{ all: number; mine: number }>('GET', '/proposals/count');
    expect(await counts()).toMatchObject({ all: 1, mine: 1 });
    await inbox.write({ op: 'update', object: 'customer', id, set: { owner: inbox.member.id } });
    const catalog = await inbox.engine.catalog.get('main');
    const catchUp = async () => {
      await settled(inbox.db);
      while (await followSets(inbox.db, 'main', catalog));
    };
    await catchUp();
    expect(await counts()).toMatchObject({ all: 1, mine: 0 });
    expect(await inbox.open('&owner=me')).toEqual([]);
    const { version } = await inbox.engine.read.get(await inbox.ctx(), 'customer', id);
    await inbox.write({ op: 'delete', object: 'customer', id, version });
    await catchUp();
    expect(await counts()).toMatchObject({ all: 0 });
  });
});

describe('from other systems', () => {
  it('are checked like any change, held, and say where they are from', async () => {
    const id = await inbox.create({ name: '外部', mobile: '13800138050' });
    const { outcomes } = await inbox.call<{ outcomes: { status: string; id?: string; message?: string }[] }>(
      'POST',
      '/proposals',
      {
        proposals: [
          {
            object: 'customer',
            id,
            set: { mobile: '137 0000 0050' },
            reason: '官网联系页',
            confidence: { mobile: 0.7 },
          },
          { object: 'customer', id, set: { mobile: '13800138050' } },
          { object: 'customer', id, set: { email: '没有邮箱' } },
        ],
      },
    );
    expect(outcomes).toMatchObject([
      { status: 'held', id: expect.any(String) },
      { status: 'unchanged' },
      { status: 'rejected', message: expect.stringContaining('邮箱') },
    ]);
    expect(await inbox.values(id)).toMatchObject({ mobile: '13800138050' });
    expect(await inbox.open()).toMatchObject([
      { reason: '官网联系页', fields: [{ wanted: '13700000050', confidence: 0.7 }] },
    ]);
  });
});

describe('a hundred thousand', () => {
  it('are read by an index: the rows touched are those shown', async () => {
    const id = await inbox.create({ name: '压力', mobile: '13800138060' });
    await inbox.db.query(sql`insert into w_main.proposal (id, at, object, record, actor, source, wanted, before, version, open, origins, owner)
      select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, now(), 'customer', ${id}, 'customer:1', 'customer',
        '{"mobile": "13700000060"}', '{}', 1, array['mobile'], array['customer'], case when n % 1000 = 0 then ${inbox.admin.id} else 'x' end
      from generate_series(1, 20000) n`);
    await inbox.db.query(sql`analyze w_main.proposal`);
    for (const narrowing of [sql``, sql`and p.owner = ${inbox.admin.id}`]) {
      const plan = await inbox.db.query<{
        'QUERY PLAN': string;
      }>(sql`explain (analyze, costs off, timing off) select p.* from w_main.proposal p
        where p.state = 'held' and not p.gone ${narrowing} and (p.object = any(${['customer']}::text[])) order by p.id desc limit 20`);
      const text = plan.map((row) => row['QUERY PLAN']).join('\n');
      expect(text).toContain('Index Scan');
      expect(text).not.toContain('Rows Removed by Filter');
      expect(text).not.toContain('Sort');
    }
  });
});
