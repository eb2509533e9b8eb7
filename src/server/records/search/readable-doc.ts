import sql, { type Sql } from 'sql-template-tag';
import type { Access } from '../../../domain/access/types.ts';
import { isPlain, modeOf } from '../../../domain/filter/validate.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { extraFields, MARKERS, marker } from './indexer.ts';

/** May the actor search this object at all? Its titles must be plain to him, or fragments would give them away. */
export function isSearchable(object: ObjectDef, access: Access): boolean {
  const own = access.objects[object.name];
  if (!own?.actions.includes('read') || own.rows === false || object.retired) return false;
  return isPlain(modeOf(own, object.title));
}

/** The part of `doc` that the actor may read: without the groups of fields that are hidden, masked or ranged for him. */
export function readableDoc(object: ObjectDef, access: Access, doc: Sql): Sql {
  const own = access.objects[object.name];
  const closed = extraFields(object).filter((field) => !isPlain(modeOf(own, field.name)));
  if (closed.length === 0) return doc;
  const heads = closed.map(marker).join('');
  const others = MARKERS.replace('[', '[^');
  return sql`regexp_replace(${doc}, ${`[${heads}]\\n${others}*`}, '', 'g')`;
}
