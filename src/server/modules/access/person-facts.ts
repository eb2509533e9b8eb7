import sql from 'sql-template-tag';
import type { PersonFacts, Share } from '../../../domain/access/facts.ts';
import type { FieldMode } from '../../../domain/access/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { queryHot } from '../../platform/postgres/query-hot.ts';
import { tableOf } from '../../records/catalog/names.ts';

interface Found extends Record<string, unknown> {
  given: string[] | null;
  team: string[];
  department: string[];
  territories: PersonFacts['territories'];
  shares: { object: string; record: string; edit: boolean; fields: Record<string, FieldMode> }[];
  asked: PersonFacts['asked'];
  until: Date | null;
}

/** Records shared with one person at most; the newest count. */
const MOST_SHARES = 2_000;

/** Where a person belongs and what is shared with him at `now`, and until when that holds if nobody changes anything. */
export async function personFacts(
  on: Queryable,
  workspace: string,
  account: string,
  now: Date,
): Promise<{ facts: PersonFacts; given: string[] | undefined; until: Date | null }> {
  const table = (name: string) => tableOf(workspace, name);
  const [row] = await queryHot<Found>(
    on,
    sql`
    with recursive mine as (
      select department as id from ${table('department_person')} where account = ${account}
      union select id from ${table('department')} where manager = ${account}
      union select d.id from ${table('department')} d join mine on d.parent = mine.id
    ), teams as (
      select team from ${table('team_person')} where account = ${account}
    ), shared as (
      select object, record, edit, fields, until from ${table('share')}
      where (account = ${account} or team in (select team from teams)) and until > ${now}
      order by created_at desc limit ${MOST_SHARES}
    ), asked as (
      select object, record, field, until from ${table('access_request')}
      where account = ${account} and state = 'granted' and until > ${now}
    )
    select
      (select roles from ${table('person_role')} where account = ${account}) as given,
      array(select distinct account from ${table('team_person')} where team in (select team from teams)) as team,
      array(select account from ${table('department_person')} where department in (select id from mine)
        union select manager from ${table('department')} where id in (select id from mine) and manager is not null) as department,
      coalesce((select jsonb_agg(jsonb_build_object('object', object, 'field', field, 'values', to_jsonb(t."values")))
        from ${table('territory')} t where ${account} = any(accounts)), '[]') as territories,
      coalesce((select jsonb_agg(to_jsonb(s) - 'until') from shared s), '[]') as shares,
      coalesce((select jsonb_agg(to_jsonb(a) - 'until') from asked a), '[]') as asked,
      least((select min(until) from shared), (select min(until) from asked)) as until`,
  );
  const shares = (row?.shares ?? []).map(
    ({ edit, ...share }): Share => ({ ...share, actions: edit ? ['read', 'update', 'verify'] : ['read'] }),
  );
  const facts: PersonFacts = {
    account,
    team: withSelf(account, row?.team),
    department: withSelf(account, row?.department),
    territories: row?.territories ?? [],
    shares,
    asked: row?.asked ?? [],
  };
  return { facts, given: row?.given ?? undefined, until: row?.until ?? null };
}

const withSelf = (account: string, accounts: string[] = []): string[] => [...new Set([account, ...accounts])].sort();
