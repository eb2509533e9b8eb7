import sql from 'sql-template-tag';
import { compose } from '../../../domain/access/compose.ts';
import { nobody, type PersonFacts } from '../../../domain/access/facts.ts';
import type { Access } from '../../../domain/access/types.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { queryHot } from '../../platform/postgres/query-hot.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { personFacts } from './person-facts.ts';
import { rolePresets } from './presets.ts';
import { listRoles, rolesHeld, type StoredRole } from './role-store.ts';

/** Another node's change is seen within this time; together with the second a caller is remembered that stays below one. */
const AGE_MS = 400;
const MOST = 10_000;

export interface Person {
  id: string;
  role: 'admin' | 'member';
}

/** All that a person's access is composed of. */
export interface Composed {
  access: Access;
  roles: StoredRole[];
  facts: PersonFacts;
}

export interface AccessStore {
  /** What a person may do now: composed once, then remembered until something it rests on changes. */
  accessOf(workspace: string, person: Person): Promise<Access>;
  composed(workspace: string, person: Person): Promise<Composed>;
  /** This node changed something: the next question is answered anew. */
  forget(): void;
}

interface Kept {
  version: string;
  checkedAt: number;
  people: Map<string, { composed: Promise<Composed & { until: Date | null }>; catalog: number }>;
}

export function createAccessStore(
  db: Db,
  catalogs: { get(workspace: string): Promise<Catalog> },
  clock: { now: () => Date } = { now: () => new Date() },
): AccessStore {
  const workspaces = new Map<string, Kept>();

  async function kept(workspace: string): Promise<Kept> {
    const known = workspaces.get(workspace);
    if (known && performance.now() - known.checkedAt < AGE_MS) return known;
    const checkedAt = performance.now();
    const [row] = await queryHot<{ version: string }>(
      db,
      sql`select version::text as version from ${tableOf(workspace, 'access_state')}`,
    );
    const version = row?.version ?? '0';
    if (known?.version === version) {
      known.checkedAt = checkedAt;
      return known;
    }
    const fresh: Kept = { version, checkedAt, people: new Map() };
    workspaces.set(workspace, fresh);
    return fresh;
  }

  async function make(workspace: string, person: Person, catalog: Catalog) {
    const [roles, { facts, given, until }] = await Promise.all([
      listRoles(db, workspace),
      personFacts(db, workspace, person.id, clock.now()),
    ]);
    const held = rolesHeld(roles, given, person);
    return { access: compose(held, facts, catalog), roles: held, facts, until };
  }

  async function composed(workspace: string, person: Person): Promise<Composed> {
    const [{ people }, catalog] = await Promise.all([kept(workspace), catalogs.get(workspace)]);
    const key = `${person.role} ${person.id}`;
    const known = people.get(key);
    if (known && known.catalog === catalog.version) {
      const found = await known.composed;
      if (!found.until || found.until > clock.now()) return found;
    }
    if (people.size >= MOST) people.clear();
    const made = make(workspace, person, catalog);
    people.set(key, { composed: made, catalog: catalog.version });
    made.catch(() => people.delete(key));
    return made;
  }

  return {
    composed,
    accessOf: async (workspace, person) => (await composed(workspace, person)).access,
    forget: () => workspaces.clear(),
  };
}

/** Access by the presets alone, for jobs of the system itself and where no workspace is asked. */
export function accessFor(role: 'admin' | 'member', catalog: Catalog): Access {
  const held = rolePresets().filter((preset) => (role === 'admin' ? preset.admin : preset.starting));
  return compose(held, nobody(''), catalog);
}
