import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import { type PoolRule, type PoolSettings, type Pools, poolsSchema } from '../../../contract/pool.ts';
import type { Access } from '../../../domain/access/types.ts';
import type { FilterEnv } from '../../../domain/filter/meaning.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { validateFilter } from '../../../domain/filter/validate.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { fieldOf } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** Customers and leads that nobody owns can be taken; nothing goes back by itself until somebody says when. */
const USUAL: Pools = {
  pools: [
    {
      object: 'customer',
      if: { field: 'customer_type', op: 'ne', value: 'lost' },
      shown: ['name', 'industry', 'region', 'size', 'level', 'customer_type', 'source'],
      mostOwned: 0,
      perDay: 20,
      coolingDays: 30,
    },
    {
      object: 'lead',
      if: { field: 'state', op: 'in', value: ['new', 'working'] },
      shown: ['company', 'source', 'state', 'need'],
      mostOwned: 0,
      perDay: 50,
      coolingDays: 7,
    },
  ],
  rules: [],
};

export async function readPools(on: Queryable, workspace: string): Promise<Pools> {
  const [row] = await on.query<{ value: unknown }>(
    sql`select value from ${tableOf(workspace, 'module_setting')} where name = 'pool'`,
  );
  const parsed = poolsSchema.safeParse(row?.value);
  return parsed.success ? parsed.data : USUAL;
}

export async function savePools(on: Queryable, workspace: string, pools: Pools, by: string): Promise<void> {
  await on.query(sql`insert into ${tableOf(workspace, 'module_setting')} (name, value, updated_by)
    values ('pool', ${JSON.stringify(pools)}::jsonb, ${by})
    on conflict (name) do update set value = excluded.value, updated_by = excluded.updated_by, updated_at = now()`);
}

/** The pool of an object that has an owner; throws `pool-none` for any other. */
export function poolOf(
  { pools }: Pools,
  catalog: Catalog,
  name: string,
): { object: ObjectDef & { owner: string }; pool: PoolSettings } {
  const object = catalog.objects.find((one) => one.name === name && !one.retired);
  const pool = pools.find((one) => one.object === name);
  if (!object || !isOwned(object) || !pool) throw new AppError('pool-none');
  return { object, pool };
}

const isOwned = (object: ObjectDef): object is ObjectDef & { owner: string } => object.owner !== undefined;

/** Throws for what could not be kept: unknown objects and fields, conditions that can't be read. */
export function checkPools(pools: Pools, catalog: Catalog, access: Access, env: FilterEnv): void {
  const issues = [
    ...pools.pools.flatMap((pool) => {
      const { object } = poolOf(pools, catalog, pool.object);
      return pool.if ? validateFilter(pool.if as Filter, catalog, object, access, env) : [];
    }),
    ...pools.rules.flatMap((rule) => ruleIssues(rule, catalog, access, env)),
  ];
  if (issues.length > 0) throw new AppError('invalid-input', { count: issues.length }, { issues });
}

export function ruleIssues(rule: PoolRule, catalog: Catalog, access: Access, env: FilterEnv) {
  const broken = () => new AppError('pool-rule', { name: rule.name });
  const object = catalog.objects.find((one) => one.name === rule.object && !one.retired);
  if (!object?.owner) throw broken();
  if (rule.kind === 'still' && !rule.until) throw broken();
  if (rule.kind === 'silent') {
    const by = catalog.objects.find((one) => one.name === rule.by?.object && !one.retired);
    const of = by && fieldOf(by, rule.by?.of ?? '');
    if (of?.type !== 'relation' || of.target !== object.name) throw broken();
    const at = rule.by?.at === undefined ? undefined : by && fieldOf(by, rule.by.at);
    if (rule.by?.at !== undefined && at?.type !== 'datetime' && at?.type !== 'date') throw broken();
  }
  return [rule.if, rule.except, rule.until].flatMap((filter) =>
    filter ? validateFilter(filter as Filter, catalog, object, access, env) : [],
  );
}
