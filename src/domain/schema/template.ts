import type { Filter, Sort } from '../filter/types.ts';
import type { Label } from '../issue.ts';
import type { FieldDef, ObjectDef, Priority } from './types.ts';

/** A template file (`templates/*.json`): objects, fields and views as data. "CRM" is one; a user's own objects use the same engine. */
export interface Template {
  name: string;
  label: Label;
  /** Rises when a later file adds to it. */
  version: number;
  objects: TemplateObject[];
}

/** Position is the place in the list; ids are given when it is installed. */
export type TemplateField = Omit<FieldDef, 'id' | 'object' | 'position' | 'builtin' | 'retired'>;

export interface TemplateObject extends Omit<ObjectDef, 'id' | 'fields' | 'position' | 'builtin' | 'retired'> {
  fields: TemplateField[];
  views: TemplateView[];
  /** Columns of indexes that the views' filters and sorts need from the start. Unique fields and relations have theirs already. Each costs write time. */
  indexes: string[][];
}

export interface TemplateView {
  /** Stable key within the object. */
  name: string;
  label: Label;
  /** As saved views (contract: viewDefinition). `$me` in a filter is who looks. */
  definition: {
    columns: { field: string; width?: number; pinned?: boolean; hidden?: boolean }[];
    filter?: Filter;
    sort?: Sort[];
    groupBy?: string;
    board?: { by: string; sum?: string };
  };
  /** Version of the template that brought it; absent: the first. A workspace that has the object already gets it once. */
  since?: number;
}

/** A scenario preset (`templates/presets/*.json`, features B3): how often what is verified, one click. */
export interface Preset {
  id: string;
  label: Label;
  description: Label;
  policies: PresetPolicy[];
}

export interface PresetPolicy {
  object: string;
  field: string;
  /** Absent: all records. */
  segment?: { name: Label; filter: Filter };
  /** Fixed interval; absent means learned: by rate and threshold. */
  everyDays?: number;
  priority: Priority;
  /** Verify when confidence falls to this, 0..1. */
  threshold: number;
}
