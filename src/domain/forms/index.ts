export { companions, designProblems, formFields, isAskable } from './check-design.ts';
export { type FoundMatch, judgeMatches, type Verdict } from './judge-matches.ts';
export { isSolution, openHash } from './proof.ts';
export { shownQuestions } from './shown-questions.ts';
export type { FormAnswers, FormCondition, FormDesign, FormQuestion } from './types.ts';
