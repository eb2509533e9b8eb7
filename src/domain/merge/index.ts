/** Merging records and parting them again, decided purely: which value survives and why, and who gets what back. */
export { isList, same } from './list-value.ts';
export { type Parted, type PartInput, part, type Question } from './part.ts';
export { proposeWinner, survivorship } from './survive.ts';
export { ALL, type Clock, type Member, SURVIVAL_REASONS, type Survivor, type Values } from './types.ts';
