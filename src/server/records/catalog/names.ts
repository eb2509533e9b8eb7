import { raw, type Sql } from 'sql-template-tag';

/** Quotes an identifier. Only names from the catalog come here; the pattern is a second wall behind the table's own check. */
export function ident(name: string): Sql {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name)) throw new Error(`not an identifier: ${name}`);
  return raw(`"${name}"`);
}

/** Schema of a workspace: `main` → `"w_main"`. */
export function schemaOf(workspace: string): Sql {
  return ident(`w_${workspace}`);
}

/** Qualified table of the engine or of an object: `"w_main"."customer"`. */
export function tableOf(workspace: string, table: string): Sql {
  return raw(`${schemaOf(workspace).sql}.${ident(table).sql}`);
}
