import type { Change, VerifyMethod } from '../../../domain/change/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { readSetting, type TrustedSource } from './settings.ts';

/** What a value from a source is worth: as much as one matched with a registry, with a document, or looked up somehow. */
const METHODS: Record<TrustedSource['strength'], VerifyMethod> = {
  strong: 'registry',
  middle: 'document',
  weak: 'other',
};

/** The trusted source that a file comes from; the longest match when several fit. */
export function sourceOf(sources: readonly TrustedSource[], fileName: string): TrustedSource | null {
  const name = fileName.toLowerCase();
  const fitting = sources.filter(({ match }) => match.trim() !== '' && name.includes(match.trim().toLowerCase()));
  return fitting.sort((a, b) => b.match.length - a.match.length)[0] ?? null;
}

/**
 * Makes changes of an import verify what its source vouches for.
 * @returns the changes as they are when the source is not trusted
 */
export async function trustOfImport(
  on: Queryable,
  workspace: string,
  fileName: string,
): Promise<(changes: Change[]) => Change[]> {
  const { sources } = await readSetting(on, workspace, 'imports');
  const source = sourceOf(sources, fileName);
  if (!source) return (changes) => changes;
  const vouched = new Set(source.fields);
  const method = METHODS[source.strength];
  return (changes) =>
    changes.map((change) => {
      // What only fills gaps leaves other values standing, of which the source says something else.
      if (change.onlyEmpty || (change.op !== 'create' && change.op !== 'update')) return change;
      const fields = Object.entries(change.set ?? {})
        .filter(([field, value]) => (value ?? null) !== null && vouched.has(`${change.object}.${field}`))
        .map(([field]) => field);
      return fields.length > 0 ? { ...change, verify: { fields, method } } : change;
    });
}
