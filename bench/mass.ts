// npm run bench -- mass [options]: the figures of mass operations alone; options as of the whole bench.
process.argv.push('--only', 'mass');
await import('./bench.ts');

export {};
