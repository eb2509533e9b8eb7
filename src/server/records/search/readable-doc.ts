import sql, { type Sql } from 'sql-template-tag';
import { ceilingOf, isPlain, modeOf } from '../../../domain/access/reach.ts';
import type { Access } from '../../../domain/access/types.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import { tableOf } from '../catalog/names.ts';
import { plainSql, type SqlEnv } from '../read/filter-sql.ts';
import { extraFields, MARKERS, marker } from './indexer.ts';

/** May the actor search this object at all? Its titles must be plain to him, or fragments would give them away. */
export function isSearchable(object: ObjectDef, access: Access): boolean {
  const own = access.objects[object.name];
  if (!own?.actions.includes('read') || own.rows === false || object.retired) return false;
  return isPlain(modeOf(own, object.title));
}

/** The part of `doc` of entry `s` that the actor may read: without the groups of fields that are hidden, masked or ranged for him. */
export function readableDoc(object: ObjectDef, env: SqlEnv): Sql {
  const own = env.access?.objects[object.name];
  const closed = extraFields(object).filter((field) => !isPlain(modeOf(own, field.name)));
  const never = closed.filter((field) => !isPlain(ceilingOf(own, field.name)));
  let doc = without(sql`s.doc`, never);
  // Where rows differ, each field's own group goes in those rows only that don't show it.
  for (const field of closed) {
    if (never.includes(field)) continue;
    const plain = plainSql(object, field.name, 't', env);
    const shown = sql`exists (select from ${tableOf(env.workspace, object.name)} t where t.id = s.record and ${plain})`;
    doc = sql`(case when ${shown} then ${doc} else ${without(doc, [field])} end)`;
  }
  return doc;
}

function without(doc: Sql, fields: FieldDef[]): Sql {
  if (fields.length === 0) return doc;
  const heads = fields.map(marker).join('');
  const others = MARKERS.replace('[', '[^');
  return sql`regexp_replace(${doc}, ${`[${heads}]\\n${others}*`}, '', 'g')`;
}
