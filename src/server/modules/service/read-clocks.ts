import sql from 'sql-template-tag';
import type { ServiceClock, ServiceSettings } from '../../../contract/service.ts';
import { type MatchEnv, matcher } from '../../../domain/filter/matches.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import {
  nextTurnOf,
  type Phase,
  type Reading,
  readClock,
  type ServiceState,
  stateOf,
  type Turn,
} from '../../../domain/service/index.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { type TableRow, valuesOf } from '../../records/catalog/columns.ts';
import { tableOf } from '../../records/catalog/names.ts';

type Values = Record<string, FieldValue>;

/** A record with what it was before, as clocks look at it. */
export interface Past {
  id: string;
  values: Values;
  createdAt: Date;
  /** From which moment on it was how; oldest first. */
  states: { at: Date; values: Values }[];
}

/** Living records with their histories. */
export async function readPasts(
  on: Queryable,
  workspace: string,
  object: ObjectDef,
  ids: readonly string[],
): Promise<Past[]> {
  const rows = await on.query<TableRow & { created_at: Date }>(
    sql`select t.* from ${tableOf(workspace, object.name)} t where t.id = any(${ids}::uuid[]) and t.deleted_at is null order by t.id`,
  );
  const deltas = await on.query<{ record: string; at: Date; before: Values }>(sql`
    select record, at, before from ${tableOf(workspace, 'delta')}
    where record = any(${rows.map(({ id }) => id)}::uuid[]) and kind = 'u' order by record, version desc`);
  return rows.map((row) => {
    const values = valuesOf(object, row);
    const states: Past['states'] = [];
    let then = values;
    for (const { at, before } of deltas.filter(({ record }) => record === row.id)) {
      states.unshift({ at, values: then });
      then = { ...then, ...before };
    }
    states.unshift({ at: row.created_at, values: then });
    return { id: row.id, values, createdAt: row.created_at, states };
  });
}

export interface ClockReading {
  clock: ServiceClock;
  reading: Reading;
  state: ServiceState | null;
  nextAt: Date | null;
  /** Working milliseconds. */
  target: number;
}

const MINUTE = 60_000;

/** Makes a reader of the clocks of an object: what they say of a record now. A condition that can't be read is one that no record meets. */
export function clockReader(
  settings: ServiceSettings,
  env: MatchEnv,
): (past: Past, byHand: Record<string, Date>) => ClockReading[] {
  const judge = (filter: Filter | undefined, otherwise: boolean) => {
    if (!filter) return () => otherwise;
    try {
      return matcher(filter, env);
    } catch {
      return () => false;
    }
  };
  const clocks = settings.clocks
    .filter(({ object, off }) => object === env.object.name && !off)
    .map((clock) => ({
      clock,
      done: judge(clock.done as Filter, false),
      pause: judge(clock.pause as Filter | undefined, false),
      targets: clock.targets.map((target) => ({
        ms: target.minutes * MINUTE,
        takes: judge(target.if as Filter | undefined, true),
      })),
    }));
  return (past, byHand) =>
    clocks.flatMap(({ clock, done, pause, targets }) => {
      const target = targets.find(({ takes }) => takes(past.values))?.ms;
      if (target === undefined) return [];
      const phaseOf = (values: Values): Phase => (done(values) ? 'done' : pause(values) ? 'pauses' : 'runs');
      const turns = turnsOf(past, startOf(past, clock.start), phaseOf);
      const read = toTheMinute(readClock(settings.calendar, turns, target));
      const hand = byHand[clock.id];
      // A time that a person agreed on holds, whatever the clock says.
      const reading = hand ? { ...read, due: hand } : read;
      const near = clock.near * MINUTE;
      const state = stateOf(settings.calendar, reading, near, env.now);
      return [{ clock, reading, state, nextAt: nextTurnOf(settings.calendar, reading, near, env.now), target }];
    });
}

/** Nobody reads milliseconds; whoever began in the middle of a minute has the rest of it. */
function toTheMinute(reading: Reading): Reading {
  return { ...reading, due: reading.due && new Date(Math.ceil(reading.due.getTime() / MINUTE) * MINUTE) };
}

function startOf({ values, createdAt }: Past, field: string | undefined): Date {
  const value = field === undefined ? null : values[field];
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? createdAt : new Date(at);
}

/** What was before the start counts as the beginning. */
function turnsOf({ states }: Past, start: Date, phaseOf: (values: Values) => Phase): Turn[] {
  const turns: Turn[] = [];
  for (const [n, { at, values }] of states.entries()) {
    const turn = { at: n === 0 || at < start ? start : at, phase: phaseOf(values) };
    const last = turns.at(-1);
    if (last && last.at.getTime() === turn.at.getTime()) turns.pop();
    if (turns.at(-1)?.phase !== turn.phase) turns.push(turn);
  }
  return turns;
}
