export { type Deals, OCTANTS, type Octant, octantOf, type Thresholds, yearsBetween } from './octant.ts';
export { type RfmCuts, type RfmFacts, rfmOf } from './rfm.ts';
export { ENOUGH, type Spread, suggestThresholds } from './suggest.ts';
