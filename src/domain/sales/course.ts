import { cameFinished, type Journey, type Since, type StageOrder } from './journey.ts';

/** A stay in an open stage, ms since 1970; `until` is infinite while it goes on. */
interface OpenStep {
  place: number;
  at: number;
  until: number;
}

/** A journey made ready for many questions about moments. */
export interface Course {
  open: OpenStep[];
  /** Spans in which it was won; a deal that went back to an open stage was not won before. */
  won: { at: number; until: number }[];
  amounts: Since<number>[];
  cameFinished: boolean;
}

export function courseOf(journey: Journey, order: StageOrder): Course {
  const open: OpenStep[] = [];
  const won: Course['won'] = [];
  journey.stages.forEach(({ value, at }, i) => {
    const stage = order.of(value);
    const until = journey.stages[i + 1]?.at ?? Number.POSITIVE_INFINITY;
    if (stage?.kind === 'open') open.push({ place: stage.place, at, until });
    if (stage?.kind !== 'won') return;
    const last = won.at(-1);
    if (last?.until === at) last.until = until;
    else won.push({ at, until });
  });
  return { open, won, amounts: journey.amounts, cameFinished: cameFinished(journey, order) };
}

/** The open stage it was in at a moment. */
export const openAt = (course: Course, at: number): OpenStep | undefined =>
  course.open.find((step) => step.at <= at && at < step.until);

/** Won after `from`, and still so at `until`. */
export const wonBetween = (course: Course, from: number, until: number): boolean =>
  course.won.some((span) => span.at > from && span.at <= until && until < span.until);
