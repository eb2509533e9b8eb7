import { AppError } from '../../../contract/errors.ts';
import type { ServiceClock, WorkCalendarSettings } from '../../../contract/service.ts';
import type { Access } from '../../../domain/access/types.ts';
import { hoursIssue } from '../../../domain/calendar/work-time.ts';
import type { FilterEnv } from '../../../domain/filter/meaning.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { validateFilter } from '../../../domain/filter/validate.ts';
import type { Issue } from '../../../domain/issue.ts';
import { isLasting } from '../../../domain/schema/rollups.ts';
import type { Catalog, FieldDef } from '../../../domain/schema/types.ts';

/** Throws `invalid-input` for hours that nobody can work. */
export function checkCalendar({ week }: WorkCalendarSettings): void {
  for (const hours of Object.values(week)) {
    const code = hoursIssue(hours);
    if (code) throw new AppError('service-hours');
  }
  if (!Object.values(week).some((hours) => hours.length > 0)) throw new AppError('service-no-hours');
}

/** Throws for clocks that could not be read: unknown objects and fields, conditions that other records or the time decide. */
export function checkClocks(clocks: readonly ServiceClock[], catalog: Catalog, access: Access, env: FilterEnv): void {
  const issues: Issue[] = [];
  const ids = new Set<string>();
  for (const { id, object: name, start, due, done, pause, targets } of clocks) {
    if (ids.has(id)) throw new AppError('service-twice', { id });
    ids.add(id);
    const object = catalog.objects.find((one) => one.name === name && !one.retired);
    if (!object) throw new AppError('object-unknown', { object: name });
    const moment = (field: string | undefined, written: boolean): void => {
      if (field === undefined) return;
      const found: FieldDef | undefined = object.fields.find((one) => one.name === field && !one.retired);
      if (found?.type !== 'datetime' || found.encrypted || (written && found.readonly))
        throw new AppError('service-moment', { field: found?.label.zh ?? field });
    };
    moment(start, false);
    moment(due, true);
    for (const filter of [done, pause, ...targets.map((target) => target.if)]) {
      if (!filter) continue;
      issues.push(...validateFilter(filter as Filter, catalog, object, access, env));
      if (!isLasting(filter as Filter)) throw new AppError('service-filter');
    }
  }
  const dues = clocks.filter(({ off }) => !off).map(({ object, due }) => `${object}.${due}`);
  if (new Set(dues).size < dues.length) throw new AppError('service-same-due');
  if (issues.length > 0) throw new AppError('invalid-input', { count: issues.length }, { issues });
}
