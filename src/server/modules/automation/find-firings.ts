import { type Prepared, prepareRule, type Rule, subjectOf, type WakeIndex } from '../../../domain/automation/index.ts';
import { matcher } from '../../../domain/filter/matches.ts';
import { findField, findObject } from '../../../domain/filter/subject.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import { countCrossings } from './count-window.ts';
import { ctxOfRule, type FindDeps } from './deps.ts';
import { changeOf, isImport, type Touched } from './touched.ts';

/** A rule that fires, before it is written down. */
export interface Firing {
  rule: Rule;
  /** Unique for the rule: it fires once for it. */
  cause: string;
  object: string;
  record: string;
  /** The change that woke it, with the version of the record that it made; null: the clock did. */
  change: { set: string; version: number; actor: string; at: Date } | null;
  facts: Record<string, unknown>;
}

/** When a rule that counts last fired for a record: it does so again when its days have passed. */
export type LastFired = (rule: string, records: readonly string[]) => Promise<Map<string, Date>>;

/** Judges changes against the rules. Made once for a portion: conditions on “today” mean one moment. */
export interface Judging {
  deps: FindDeps;
  workspace: string;
  catalog: Catalog;
  index: WakeIndex;
  at: Date;
  lastFired: LastFired;
}

/** Rules that fire on these changes, in their order. */
export async function findFirings(judging: Judging, touched: readonly Touched[]): Promise<Firing[]> {
  const prepared = new Map<string, Prepared | null>();
  const found: { ready: Prepared; touch: Touched }[] = [];
  for (const touch of touched) {
    const happening = {
      object: touch.object.name,
      what: touch.what,
      fields: touch.fields,
      imported: isImport(touch.set),
      answered: touch.set.source === 'customer',
      ...(touch.evidence !== undefined && { evidence: touch.evidence }),
    };
    for (const rule of judging.index.wakes(happening)) {
      const ready = prepared.get(rule.id) ?? (prepared.has(rule.id) ? null : prepare(judging, rule));
      prepared.set(rule.id, ready);
      if (ready?.holds(touch.before, touch.after)) found.push({ ready, touch });
    }
  }
  const byRule = new Map<Prepared, Touched[]>();
  for (const { ready, touch } of found) byRule.set(ready, [...(byRule.get(ready) ?? []), touch]);
  const firings = new Map<Touched, Firing[]>();
  for (const [ready, touches] of byRule) {
    const own =
      ready.rule.when.on === 'count'
        ? await countCrossings(judging, ready.rule, touches)
        : touches.map((touch) => ({ touch, firing: firingOf(ready.rule, touch) }));
    const holding = await holdNow(
      judging,
      ready,
      own.map(({ firing }) => firing),
    );
    for (const { touch, firing } of own)
      if (holding === null || holding.has(firing.record)) firings.set(touch, [...(firings.get(touch) ?? []), firing]);
  }
  return touched.flatMap((touch) => firings.get(touch) ?? []);
}

/** null: its conditions can't be read any more, a field was retired; the page says so. */
function prepare({ deps, catalog, at }: Judging, rule: Rule): Prepared | null {
  const env = { ...deps.env({ at }), catalog };
  try {
    return prepareRule(rule, (filter, name) => {
      const object = findObject(catalog, name);
      if (!object) throw new Error(`no object ${name}`);
      return matcher(filter, { ...env, object });
    });
  } catch {
    return null;
  }
}

function firingOf(rule: Rule, touch: Touched): Firing {
  return {
    rule,
    cause: `${touch.id}:${touch.version}`,
    object: touch.object.name,
    record: touch.id,
    change: changeOf(touch),
    facts: {
      version: touch.version,
      fields: touch.what === 'changed' ? touch.fields : [],
      ...(touch.evidence !== undefined && { evidence: touch.evidence }),
    },
  };
}

/** The most that a page of the read door holds. */
const MOST = 500;

/** Records for which a condition is true that only the database can judge: as things are now, and as the author may see them. null: there is no such condition. */
async function holdNow(
  judging: Judging,
  { rule, now }: Prepared,
  firings: readonly Firing[],
): Promise<Set<string> | null> {
  if (now === null) return null;
  const ids = [...new Set(firings.map(({ record }) => record))];
  return matching(judging, rule, now, ids);
}

async function matching(
  { deps, workspace, catalog, at }: Judging,
  rule: Rule,
  filter: Filter,
  ids: readonly string[],
): Promise<Set<string>> {
  const held = new Set<string>();
  const ctx = await ctxOfRule(deps, workspace, rule, at);
  const object = subjectOf(rule.when, (of, relation) => {
    const found = findObject(catalog, of);
    return found && findField(found, relation)?.target;
  });
  if (!ctx || object === null) return held;
  try {
    for (let from = 0; from < ids.length; from += MOST) {
      const here: Filter = { all: [{ field: '$id', op: 'in', value: ids.slice(from, from + MOST) }, filter] };
      const page = await deps.read.list(ctx, {
        object,
        fields: [],
        filter: here,
        page: { limit: MOST },
        count: 'none',
      });
      for (const { id } of page.rows) held.add(id);
    }
  } catch (error) {
    // A field of the condition was retired, or the author may not look at it any more.
    if (!(error instanceof Error)) throw error;
    held.clear();
  }
  return held;
}
