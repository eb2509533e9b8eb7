export * from './entry.ts';
export * from './fault-words.ts';
export * from './proof.ts';
export * from './tiles.ts';
export * from './tree.ts';
export * from './verify-log.ts';
