import fc from 'fast-check';
import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import { testDb } from '../../../../test/support/database.ts';
import type { MassAction } from '../../../contract/mass.ts';
import type { Grant } from '../../../domain/access/types.ts';
import type { Change } from '../../../domain/change/types.ts';
import type { FieldValue } from '../../../domain/schema/types.ts';
import { beginRun } from './advance-run.ts';
import { everythingOf, type MassWorld, massWorld } from './testing.ts';

// A mass operation means the same as the door's edits of the same records one by one: values, versions, history, freshness, search, refusals.

let world: MassWorld;
beforeAll(async () => {
  world = await massWorld(await testDb());
});

const values = fc.record(
  {
    level: fc.constantFrom('a', 'b'),
    size: fc.constantFrom('s', 'l'),
    risk_tags: fc.subarray(['overdue', 'dispute', 'churn']),
    products: fc.subarray(['云', '网']),
    amount: fc.constantFrom('100', '2500.50'),
    email: fc.constantFrom('a@example.com', 'b@example.com'),
    mobile: fc.constantFrom('13800138000', '13900139000'),
    short_name: fc.constantFrom('甲', '乙'),
    owner: fc.constantFrom('wang', 'li'),
    signed_on: fc.constantFrom('2026-01-05', '2025-12-31'),
    last_followup_at: fc.constantFrom('2026-10-01T08:00:00Z', '2026-10-02T08:30:00Z'),
  },
  { requiredKeys: [] },
);

/** What befalls a record after it was found and before the operation reaches it. */
const fate = fc.constantFrom('nothing', 'nothing', 'nothing', 'edited', 'verified', 'own', 'deleted', 'snoozed');

const action: fc.Arbitrary<MassAction> = fc.oneof(
  fc.constantFrom<MassAction>(
    { kind: 'set', field: 'level', value: 'a' },
    { kind: 'set', field: 'level', value: null },
    { kind: 'set', field: 'size', value: 's' },
    { kind: 'set', field: 'size', value: null },
    { kind: 'set', field: 'email', value: 'a@example.com' },
    { kind: 'set', field: 'amount', value: '2500.5' },
    { kind: 'set', field: 'owner', value: 'wang' },
    { kind: 'set', field: 'owner', value: null },
    { kind: 'set', field: 'mobile', value: '+86 138 0013 8000' },
    { kind: 'set', field: 'short_name', value: '甲' },
    { kind: 'set', field: 'signed_on', value: '2026年1月5日' },
    { kind: 'set', field: 'last_followup_at', value: '2026-10-01T08:00:00Z' },
    { kind: 'set', field: 'risk_tags', value: ['dispute', 'overdue'] },
    { kind: 'append', field: 'risk_tags', value: ['churn', 'overdue'] },
    { kind: 'remove', field: 'risk_tags', value: ['overdue'] },
    { kind: 'append', field: 'products', value: '云' },
    { kind: 'remove', field: 'products', value: ['云', '网'] },
    { kind: 'replace', field: 'short_name', find: '甲', with: '丙' },
    { kind: 'verify', fields: ['mobile'], method: 'phone' },
    { kind: 'verify', fields: ['size', 'email', 'level'], method: 'visit' },
    { kind: 'delete' },
    { kind: 'restore' },
  ),
);

/** His own records he may change; others' he may read. */
const OWN: MassWorld['narrow'] = (access) => {
  const { customer } = access.objects;
  if (!customer) return access;
  const own = { field: 'owner', op: 'eq' as const, value: 'li' };
  const grants: Grant[] = [
    { from: 'all', rows: true, actions: ['read'], fields: { '*': 'read' } },
    { from: 'own', rows: own, actions: [...customer.actions], fields: { '*': 'edit' } },
  ];
  return { ...access, objects: { ...access.objects, customer: { ...customer, fields: { '*': 'read' }, grants } } };
};

type Fate = 'nothing' | 'edited' | 'verified' | 'own' | 'deleted' | 'snoozed';

/** The same by the door, from what the record holds when it is reached. */
function changeOf(wanted: MassAction, id: string, version: number, now: Record<string, FieldValue>): Change | null {
  const base = { object: 'customer', id, version };
  const list = (field: string) => (now[field] as string[] | null) ?? [];
  switch (wanted.kind) {
    case 'set':
      return { op: 'update', ...base, set: { [wanted.field]: wanted.value } };
    case 'append':
      return {
        op: 'update',
        ...base,
        set: { [wanted.field]: [...new Set([...list(wanted.field), ...[wanted.value as string | string[]].flat()])] },
      };
    case 'remove':
      return {
        op: 'update',
        ...base,
        set: { [wanted.field]: list(wanted.field).filter((one) => ![wanted.value].flat().includes(one)) },
      };
    case 'replace': {
      const text = String(now[wanted.field] ?? '');
      return text.includes(wanted.find)
        ? { op: 'update', ...base, set: { [wanted.field]: text.replace(wanted.find, wanted.with) } }
        : null;
    }
    case 'verify': {
      const filled = wanted.fields.filter((field) => (now[field] ?? null) !== null);
      return {
        op: 'update',
        ...base,
        verify: { fields: filled.length > 0 ? filled : wanted.fields, method: wanted.method },
      };
    }
    case 'delete':
    case 'restore':
      return { op: wanted.kind, ...base };
    default:
      return null;
  }
}

async function befall(id: string, what: Fate): Promise<void> {
  const by = async (actor: string, change: Omit<Change, 'op' | 'object' | 'id'>, op: Change['op'] = 'update') => {
    await world.engine.write.write(await world.ctx(actor, '更正'), [{ op, object: 'customer', id, ...change }]);
  };
  if (what === 'edited')
    await by('user:zhao', {
      set: { level: 'c', size: 'm', risk_tags: ['dormant'], email: 'z@example.com', amount: '7' },
    });
  if (what === 'verified') await by('user:zhao', { verify: { fields: ['name'], method: 'mail' } });
  if (what === 'own') await by('user:li', { set: { level: 'c', mobile: '13700137000' } });
  if (what === 'deleted') await by('user:zhao', {}, 'delete');
  if (what === 'snoozed')
    await world.db.query(sql`update w_main.freshness set snoozed_until = '2026-12-24T00:00:00Z' where record = ${id}`);
}

const states = async (ids: string[]) =>
  new Map(
    (
      await world.db.query<{ id: string; version: number; row: Record<string, FieldValue> }>(
        sql`select id, version, to_jsonb(t) as row from w_main.customer t where id = any(${ids}::uuid[])`,
      )
    ).map((row) => [row.id, row]),
  );

describe('a mass operation', () => {
  it('does to each record what the door does', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(values, fate), { minLength: 2, maxLength: 5 }),
        action,
        fc.boolean(),
        fc.boolean(),
        async (records, wanted, withReason, onlyOwn) => {
          world.narrow = (access) => access;
          const reason = withReason ? '季度整理' : undefined;
          world.at = new Date('2026-10-05T03:04:05.678Z');
          const twins: [string[], string[]] = [[], []];
          for (const [set] of records)
            for (const side of twins) side.push(await world.create('customer', { name: '公司', ...set }));
          if (wanted.kind === 'restore')
            for (const id of twins.flat())
              await world.engine.write.write(await world.ctx(), [{ op: 'delete', object: 'customer', id }]);
          const seen = await states(twins.flat());
          if (onlyOwn) world.narrow = OWN;
          const run = await world.look(
            { object: 'customer', ids: twins[1], deleted: wanted.kind === 'restore' },
            wanted,
            reason,
          );
          expect(run.state).toBe('ready');
          world.at = new Date('2026-11-02T03:04:05.678Z');
          world.narrow = (access) => access;
          for (const side of twins) for (const [i, [, what]] of records.entries()) await befall(side[i] ?? '', what);

          if (onlyOwn) world.narrow = OWN;
          const now = await states(twins[0]);
          const changes = twins[0].map((id) =>
            changeOf(wanted, id, seen.get(id)?.version ?? 0, now.get(id)?.row ?? {}),
          );
          const ctx = await world.ctx('user:li', reason);
          const { outcomes, changeSet } = await world.engine.write.write(
            ctx,
            changes.filter((change) => change !== null),
            { atomic: false, reviewed: true, kind: 'bulk' },
          );
          const written = await begin(run.id);
          expect(written.state).toBe('done');

          expect(await everythingOf(world.db, 'customer', twins[1], written.change_set)).toEqual(
            await everythingOf(world.db, 'customer', twins[0], changeSet),
          );
          const statuses = outcomes.map((outcome) =>
            outcome.status === 'rejected'
              ? (outcome.issues?.find((issue) => issue.level !== 'warning')?.code ?? '')
              : outcome.status,
          );
          const count = (status: string) => statuses.filter((one) => one === status).length;
          expect(written.counts.change ?? 0).toBe(count('applied'));
          // What is replaced in was read when it was found: what befell the others since is nobody's business.
          if (wanted.kind === 'replace') return;
          expect(written.counts.same ?? 0).toBe(
            count('unchanged') + changes.filter((change) => change === null).length,
          );
          for (const code of new Set([...statuses, ...Object.keys(written.counts.refused ?? {})]))
            if (!['applied', 'unchanged'].includes(code))
              expect([code, written.counts.refused?.[code] ?? 0]).toEqual([code, count(code)]);
        },
      ),
      { numRuns: 50 },
    );
  });
});

async function begin(id: string) {
  await beginRun(world.deps, 'main', id);
  return world.advance(id);
}
