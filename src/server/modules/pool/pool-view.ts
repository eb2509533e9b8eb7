import type { PoolSettings } from '../../../contract/pool.ts';
import type { Access, FieldMode } from '../../../domain/access/types.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { liveFields } from '../../records/catalog/lookup.ts';
import type { Ctx, Page } from '../../records/types.ts';
import type { PoolDeps } from './deps.ts';

/** Records that nobody owns and that the pool offers. */
export function pooled(object: ObjectDef & { owner: string }, pool: PoolSettings): Filter {
  const free: Filter = { field: object.owner, op: 'empty' };
  return pool.if ? { all: [free, pool.if as Filter] } : free;
}

/** Whoever may own records of the object may take one. */
export function mayTake({ access }: Ctx, object: ObjectDef): boolean {
  const actions = access.objects[object.name]?.actions ?? [];
  return actions.includes('create') || actions.includes('update');
}

/** Fields by which a record in the pool is judged: those shown, and masked those by which one would get in touch. */
export function poolFields(object: ObjectDef, pool: PoolSettings): string[] {
  const fields = liveFields(object).filter(({ encrypted }) => !encrypted);
  const shown = fields.filter(({ name }) => pool.shown.includes(name));
  const masked = fields.filter(({ name, type }) => !pool.shown.includes(name) && MASKED.includes(type)).slice(0, 3);
  return [...new Set([object.title, ...shown.map(({ name }) => name), ...masked.map(({ name }) => name)])];
}

const MASKED: readonly string[] = ['phone', 'email', 'address'];

const PAGE = 50;

/**
 * A page of the pool: everybody sees all its records, but of each only what is shown before one takes it. What is masked can be neither searched nor
 * sorted by, so nobody finds a number by guessing.
 */
export function listPool(
  deps: PoolDeps,
  ctx: Ctx,
  object: ObjectDef & { owner: string },
  pool: PoolSettings,
  { q, after }: { q?: string | undefined; after?: string | undefined },
): Promise<Page> {
  const names = poolFields(object, pool);
  const plain = new Set([object.title, ...pool.shown]);
  const fields: Record<string, FieldMode> = { '*': 'hidden', [object.owner]: 'read' };
  for (const name of names) fields[name] = plain.has(name) ? 'read' : 'masked';
  // Fields that the pool's own condition looks at are judged, not shown.
  const rows = pooled(object, pool);
  const access: Access = { admin: false, objects: { [object.name]: { rows, actions: ['read'], fields } } };
  return deps.read.list(
    { ...ctx, access },
    {
      object: object.name,
      fields: names,
      ...(q?.trim() && { search: q.trim() }),
      sort: [{ field: '$id', dir: 'desc' }],
      page: { limit: PAGE, ...(after !== undefined && { after }) },
      count: 'capped',
    },
  );
}
