export { type ContentKind, classify, type Suggestion } from './classify.ts';
export { daysBetween, deadline, type Law, type WorkCalendar } from './deadline.ts';
export { type Generalised, generalise } from './generalise.ts';
export { type Held, needleText, type Traces, tracer, tracesOf } from './traces.ts';
