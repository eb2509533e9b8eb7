export { evaluationRoutes } from './evaluation-routes.ts';
export { keepFiguresJob } from './keep-figures.ts';
export { readOutcomeKinds } from './outcome-kinds.ts';
