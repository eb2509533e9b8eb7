import { setImmediate as breathe } from 'node:timers/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { liveFields } from '../catalog/lookup.ts';
import { tableOf } from '../catalog/names.ts';
import type { Ctx } from '../types.ts';
import { FRESHNESS_COLUMNS, freshnessValues } from './freshness-sql.ts';
import type { Effect, SearchIndexer } from './types.ts';

type Create = Extract<Effect, { kind: 'create' }>;

/** Many new records at once: three COPYs in the open transaction (rows, freshness, search). */
export async function copyCreates(
  tx: Tx,
  ctx: Ctx,
  changeSet: string,
  object: ObjectDef,
  group: Create[],
  indexer: SearchIndexer,
): Promise<void> {
  const fields = liveFields(object).filter((field) =>
    group.some((effect) => (effect.values[field.name] ?? null) !== null),
  );
  const columns = [
    'id',
    'created_at',
    'created_by',
    'created_in',
    'updated_at',
    'updated_by',
    ...fields.map((field) => field.name),
  ];
  // The six columns of the engine are alike for all rows but the id.
  const at = ctx.at.toISOString();
  const constant = `\t${at}\t${escapeText(ctx.actor)}\t${changeSet}\t${at}\t${escapeText(ctx.actor)}`;
  const row = (effect: Create): string => {
    let line = effect.draft.id + constant;
    for (const field of fields)
      line += `\t${copyValue(effect.values[field.name], field.type === 'geo' || field.type === 'file')}`;
    return `${line}\n`;
  };
  const freshness = (effect: Create): string =>
    effect.freshness ? `${freshnessValues(effect.freshness).map(copyFreshness).join('\t')}\n` : '';
  const search = (effect: Create): string => {
    const entry = indexer.entry(object, effect.values, effect.draft.id);
    return entry ? `${entry.record}\t${entry.object}\t${escapeText(entry.doc)}\t{${entry.grams.join(',')}}\n` : '';
  };
  const { workspace } = ctx;
  const named = columns.map((column) => `"${column}"`).join(', ');
  // Each text is made while PostgreSQL takes in the one before.
  let copied: Promise<void> = Promise.resolve();
  const then = (target: string, text: string): void => {
    copied = copied.then(() => copy(tx, target, text));
    // Awaited when all texts are made; a failure must not count as unhandled until then.
    copied.catch(() => undefined);
  };
  then(`${tableOf(workspace, object.name).sql} (${named})`, await textOf(group, row));
  then(`${tableOf(workspace, 'freshness').sql} (${FRESHNESS_COLUMNS.join(', ')})`, await textOf(group, freshness));
  then(`${tableOf(workspace, 'search_entry').sql} (record, object, doc, grams)`, await textOf(group, search));
  await copied;
}

/** Rows put into text in one go; between them the connection is served. */
const SLICE = 100;

async function textOf(group: readonly Create[], line: (effect: Create) => string): Promise<string> {
  let text = '';
  for (const [i, effect] of group.entries()) {
    text += line(effect);
    if (i % SLICE === SLICE - 1) await breathe();
  }
  return text;
}

async function copy(tx: Tx, target: string, text: string): Promise<void> {
  if (text === '') return;
  const stream = tx.client.query(copyFrom(`COPY ${target} FROM STDIN`));
  await new Promise<void>((resolve, reject) => {
    stream.on('error', reject);
    stream.on('finish', () => resolve());
    stream.end(text);
  });
}

/** A canonical value in COPY's text format. */
function copyValue(value: unknown, json: boolean): string {
  if (value === null || value === undefined) return '\\N';
  if (json) return escapeText(JSON.stringify(value));
  if (Array.isArray(value)) return escapeText(`{${value.map(arrayItem).join(',')}}`);
  return typeof value === 'string' ? escapeText(value) : String(value);
}

function copyFreshness(value: unknown): string {
  if (value === null || value === undefined) return '\\N';
  if (Array.isArray(value)) return `{${value.join(',')}}`;
  if (typeof value === 'object') return escapeText(JSON.stringify(value));
  return typeof value === 'string' ? escapeText(value) : String(value);
}

function arrayItem(item: unknown): string {
  return `"${String(item).replace(/["\\]/g, '\\$&')}"`;
}

const SPECIAL = /[\\\t\n\r]/;

/** Backslash, tab and line ends are COPY's own; most values have none. */
function escapeText(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text.replace(/\\/g, '\\\\').replace(/\t/g, '\\t').replace(/\n/g, '\\n').replace(/\r/g, '\\r');
}
