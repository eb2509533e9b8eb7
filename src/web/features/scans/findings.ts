import type { z } from 'zod';
import type { scans } from '../../../contract/scans.ts';

export type Scan = z.infer<NonNullable<typeof scans.list.response>>['scans'][number];

/** One click that leads to a mass operation on what was found, or to where it is worked through. */
export type Remedy = 'standardise' | 'mark' | 'assign' | 'bin' | 'check' | 'review';

export interface Finding {
  /** As the API names it: `silent`, `missing:FIELD`, `invalid:FIELD`, `respell:FIELD`, `duplicates`. */
  kind: string;
  what: 'missing' | 'invalid' | 'respell' | 'silent' | 'duplicates';
  field: string;
  count: number;
  /** 0..1 of the records; null: not counted in records. */
  share: number | null;
  /** Against the scan before; null: there was none that counted it. */
  since: number | null;
  remedies: Remedy[];
}

const REMEDIES: Record<Finding['what'], Remedy[]> = {
  missing: ['assign', 'check'],
  invalid: ['assign', 'bin'],
  respell: ['standardise'],
  silent: ['mark', 'assign', 'check', 'bin'],
  duplicates: ['review'],
};

const LISTED = ['missing', 'invalid', 'respell'] as const;

/** What a scan found, most first within each kind, each with what changed since the one before. */
export function findingsOf(scan: Scan, before: Scan | undefined, can: { assign: boolean; mark: boolean }): Finding[] {
  const { figures } = scan;
  if (!figures) return [];
  const earlier = before?.figures ?? null;
  const share = (count: number) => (figures.records > 0 ? count / figures.records : 0);
  const offered = (what: Finding['what']) =>
    REMEDIES[what].filter((one) => (one === 'assign' ? can.assign : one === 'mark' ? can.mark : true));
  const listed = LISTED.flatMap((what) =>
    figures[what].map(({ field, count }): Finding => {
      const then = earlier?.[what].find((one) => one.field === field)?.count ?? 0;
      return {
        kind: `${what}:${field}`,
        what,
        field,
        count,
        share: share(count),
        since: earlier ? count - then : null,
        remedies: offered(what),
      };
    }),
  );
  const { silent, duplicates } = figures;
  if (silent && silent.count > 0) {
    // Another line of days is another question.
    const then = earlier?.silent?.days === silent.days ? earlier.silent.count : null;
    listed.unshift({
      kind: 'silent',
      what: 'silent',
      field: '',
      count: silent.count,
      share: share(silent.count),
      since: then === null ? null : silent.count - then,
      remedies: offered('silent'),
    });
  }
  if (duplicates > 0)
    listed.unshift({
      kind: 'duplicates',
      what: 'duplicates',
      field: '',
      count: duplicates,
      share: null,
      since: earlier ? duplicates - earlier.duplicates : null,
      remedies: offered('duplicates'),
    });
  return listed;
}
