import { Season } from './season.ts';
import { ShockProcess } from './shock.ts';

/** Ways by which a value goes out of date; the hazards add up. */
export const CAUSES = 5;
export const OWN = 0;
/** Shared with the other cells of the record or contact. */
export const RECORD = 1;
/** Shared with the same field of the same segment. */
export const GROUP = 2;
/** Shared with the same field everywhere. */
export const FIELD = 3;
/** Shared with the whole segment. */
export const SEGMENT = 4;
/** Wrong from the start (only seen at the first verification). */
export const ENTRY = 5;

/** Shares of the causes before anything is found. A cause without a share stays out of it. */
export const EVERY_CAUSE: readonly number[] = [0.2, 0.2, 0.2, 0.2, 0.2];
export const WITHOUT_WAVES: readonly number[] = [0.8, 0.2, 0, 0, 0];

/** Jumps a year of the shared processes: records are hit seldom and hard, groups more often. */
export const RECORD_DENSITY = 0.03;
export const GROUP_DENSITY = 0.2;

export interface FieldModel {
  name: string;
  /** Changes per year by cause. */
  rate: Float64Array;
  /** Found changes by cause, and the years × factor of cells watched for them, both fading. */
  found: Float64Array;
  watched: Float64Array;
  shock: ShockProcess;
  season: Season;
  groups: GroupModel[];
  /** Share of values wrong at entry, and what it was learned from. */
  entry: number;
  entryFound: number;
  entrySeen: number;
}

export interface SegmentModel {
  name: string;
  /** How much faster than other segments, in all fields. */
  factor: number;
  shock: ShockProcess;
  groups: GroupModel[];
  /** Cells that ended, and years lived by them. */
  ended: number;
  lived: number;
}

export interface GroupModel {
  field: FieldModel;
  segment: SegmentModel;
  /** How much faster than its field; `residual` of it is not the segment's doing. */
  factor: number;
  residual: number;
  shock: ShockProcess;
  cells: CellModel[];
  /** −ln survival per unit of a cell's factor from each edge of the grid to now, by the three shared processes. */
  tail: Float64Array;
}

export interface RecordModel {
  name: string;
  /** How much faster than its groups (frailty). */
  factor: number;
  /** Changes found in all its cells. */
  changes: number;
  cells: CellModel[];
  shock: ShockProcess | null;
}

export interface CellModel {
  key: string | number;
  record: RecordModel;
  group: GroupModel;
  /** Born and last verified, years. */
  born: number;
  last: number;
  /** Found changes, and changes expected of the cell's field in the time watched (before any factor). */
  changes: number;
  expected: number;
  /** Own factor, and the product of group, record and own. */
  own: number;
  factor: number;
  alive: boolean;
  /** Never verified yet. */
  first: boolean;
  /** Belief set by other evidence: probability at the time the hazard had grown to `doubtHazard`. */
  belief: number;
  beliefHazard: number;
}

/** All cells by field, segment, group and record. */
export class Population {
  readonly fields = new Map<string, FieldModel>();
  readonly segments = new Map<string, SegmentModel>();
  readonly groups = new Map<string, GroupModel>();
  readonly records = new Map<string, RecordModel>();
  readonly cells = new Map<string | number, CellModel>();
  /** Shares of the causes before anything is found. */
  readonly split: readonly number[];
  /** Mean rates by cause of a field that nothing is known of. */
  readonly baseRate: Float64Array;
  baseEntry = 0.01;
  readonly baseSeason = new Season();

  constructor(priorRate: number, split: readonly number[]) {
    this.split = split;
    this.baseRate = Float64Array.from(split, (share) => share * priorRate);
  }

  /** Adds a cell; an existing one of the same key is replaced. @param at years */
  add(key: string | number, record: string, field: string, segment: string, at: number, start: number): CellModel {
    const group = this.group(field, segment, start);
    let owner = this.records.get(record);
    if (owner === undefined) {
      owner = { name: record, factor: 1, changes: 0, cells: [], shock: null };
      this.records.set(record, owner);
    }
    const cell: CellModel = {
      key,
      record: owner,
      group,
      born: at,
      last: at,
      changes: 0,
      expected: 0,
      own: 1,
      factor: group.factor * owner.factor,
      alive: true,
      first: true,
      belief: 1,
      beliefHazard: 0,
    };
    owner.cells.push(cell);
    group.cells.push(cell);
    this.cells.set(key, cell);
    return cell;
  }

  private group(fieldName: string, segmentName: string, start: number): GroupModel {
    const key = `${fieldName}\n${segmentName}`;
    const known = this.groups.get(key);
    if (known) return known;
    let field = this.fields.get(fieldName);
    if (field === undefined) {
      field = {
        name: fieldName,
        rate: Float64Array.from(this.baseRate),
        found: new Float64Array(CAUSES),
        watched: new Float64Array(CAUSES),
        shock: new ShockProcess(start, GROUP_DENSITY),
        season: new Season(this.baseSeason),
        groups: [],
        entry: this.baseEntry,
        entryFound: 0,
        entrySeen: 0,
      };
      this.fields.set(fieldName, field);
    }
    let segment = this.segments.get(segmentName);
    if (segment === undefined) {
      segment = {
        name: segmentName,
        factor: 1,
        groups: [],
        shock: new ShockProcess(start, GROUP_DENSITY),
        ended: 0,
        lived: 0,
      };
      this.segments.set(segmentName, segment);
    }
    const group: GroupModel = {
      field,
      segment,
      factor: segment.factor,
      residual: 1,
      shock: new ShockProcess(start, GROUP_DENSITY),
      cells: [],
      tail: new Float64Array(0),
    };
    field.groups.push(group);
    segment.groups.push(group);
    this.groups.set(key, group);
    return group;
  }
}

/** Earliest last verification among the living cells; Infinity without any. */
export function oldestBelief(cells: readonly CellModel[]): number {
  let oldest = Number.POSITIVE_INFINITY;
  for (const cell of cells) if (cell.alive && cell.last < oldest) oldest = cell.last;
  return oldest;
}
