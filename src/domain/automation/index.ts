export { ruleProblems, textsOf } from './check.ts';
export { type Prepared, prepareRule, type Values } from './conditions.ts';
export { firesTooOften, type Hindrance, hindranceOf, LONGEST_CHAIN, MOST_A_MINUTE } from './guard.ts';
export { dateOccasions, dueMoment, everyOccasions, weekdayOf } from './occasions.ts';
export { fillTemplate, placesIn } from './template.ts';
export { type EventName, isTimed, type Rule, subjectOf, type Then, type When, type Whom } from './types.ts';
export { type Happening, indexRules, type WakeIndex } from './wake.ts';
