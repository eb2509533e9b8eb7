export { type Bounce, isHardRefusal, readBounces } from './bounce.ts';
export {
  type DomainCheck,
  type DomainCode,
  type DomainRecords,
  judgeDomain,
  type Looked,
} from './sender-domain.ts';
export { type Cohort, cohortOf, type Trial, trialOf } from './split.ts';
export { type Block, fillPlaces, type Inline, linksOf, parseLetter, placesIn } from './template.ts';
