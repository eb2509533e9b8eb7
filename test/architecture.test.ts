import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

// The shape of the program, as docs/decisions and the README promise it. A rule that is broken names the file.

const root = join(import.meta.dirname, '..');
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
  .map((name) => `src/${name.replaceAll('\\', '/')}`)
  .sort();
const isTest = (file: string) => /\.test\.tsx?$/.test(file) || /(^|\/)testing(\/|\.ts)/.test(file);
const program = sources.filter((file) => !isTest(file));
const textOf = new Map(sources.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
const text = (file: string) => textOf.get(file) ?? '';

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

/** Static and dynamic imports and re-exports; comments can't hold one, for they don't begin a line. */
function importsOf(file: string): Import[] {
  const statement =
    /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;
  return [...text(file).matchAll(statement)].map(([, type, fixed, lazy]) => {
    const target = fixed ?? lazy ?? '';
    const to = target.startsWith('.') ? relative(root, join(root, dirname(file), target)) : target;
    return { from: file, to: to.replaceAll('\\', '/'), typeOnly: type !== undefined };
  });
}

/** Columns that count: 1000 comes after 999. */
const NUMBERS = new Set(['txid', 'seq', 'version', 'n', 'size', 'leaf', 'place', 'position']);

const imports = program.flatMap(importsOf);
const inside = imports.filter(({ to }) => to.startsWith('src/'));
const show = ({ from, to }: Import) => `${from} → ${to}`;

/** `server/modules/x`, `web/features/y`, … : the part of the program that a file belongs to. */
function partOf(file: string): string {
  const [, a = '', b = '', c = ''] = file.split('/');
  if (a === 'server' && b === 'modules') return c.endsWith('.ts') ? 'server/modules' : `server/modules/${c}`;
  if (a === 'server' && b !== '') return b.endsWith('.ts') ? 'server' : `server/${b}`;
  if (a === 'web' && b === 'features') return `web/features/${c}`;
  return a === 'web' ? 'web' : a;
}

/** Who may import whom; a part may always import itself. */
function mayImport(from: string, to: string, { to: file, typeOnly }: Import): boolean {
  const [a, b] = [partOf(from), partOf(to)];
  if (a === b) return true;
  switch (a) {
    case 'domain':
      return false;
    case 'demo':
    case 'contract':
      return b === 'domain';
    case 'server/platform':
      return b === 'contract' || b === 'domain';
    case 'server/records':
      return ['domain', 'contract', 'server/platform'].includes(b);
    case 'web':
      return b === 'contract' || b === 'domain' || b.startsWith('web/');
    case 'cli':
      return true;
    case 'main':
      return true;
    case 'server':
      return b !== 'web' && !b.startsWith('web/') && b !== 'cli' && b !== 'main';
  }
  if (a.startsWith('web/features/')) return b === 'contract' || b === 'domain' || b === 'web';
  if (a === 'server/modules' || a.startsWith('server/modules/')) {
    if (['domain', 'contract', 'demo', 'server/platform', 'server/records', 'server/modules'].includes(b)) return true;
    // Another module only through its index; a type of the composition's engine is no dependency at run time.
    return (b.startsWith('server/modules/') && file.endsWith('/index.ts')) || (b === 'server' && typeOnly);
  }
  return false;
}

describe('architecture', () => {
  it('was looked at: the scan sees the program', () => {
    expect(program.length).toBeGreaterThan(100);
    expect(inside.length).toBeGreaterThan(300);
    const missing = inside.filter(({ to }) => !textOf.has(to) && !/\.(css|json|svg|d\.ts)$/.test(to));
    expect(missing.map(show)).toEqual([]);
  });

  it('imports go downwards only', () => {
    expect(inside.filter((edge) => !mayImport(edge.from, edge.to, edge)).map(show)).toEqual([]);
  });

  it('has no import cycles', () => {
    expect(cycles()).toEqual([]);
  });

  it('keeps the domain pure: no node modules, no clock, no chance', () => {
    const impure = imports.filter(({ from, to }) => from.startsWith('src/domain/') && to.startsWith('node:'));
    expect(impure.map(show)).toEqual([]);
    const clock = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(|\bcrypto\.randomUUID\(/;
    expect(program.filter((file) => file.startsWith('src/domain/') && clock.test(code(file)))).toEqual([]);
  });

  it('keeps files short: none above 400 lines', () => {
    expect(
      sources.filter((file) => lines(file) > 400 && !isData(file)).map((file) => `${file} ${lines(file)}`),
    ).toEqual([]);
  });

  it('has no default exports and no bare suppressions', () => {
    const found = (pattern: RegExp) => program.filter((file) => pattern.test(code(file)));
    expect(found(/^export default/m)).toEqual([]);
    const bare = /biome-ignore [\w/]+:?\s*$|@ts-ignore|@ts-nocheck|@ts-expect-error\s*$/m;
    expect(sources.filter((file) => bare.test(text(file)))).toEqual([]);
  });

  it('names no utils, helpers, managers or data', () => {
    const vague = /\/(utils?|helpers?|managers?|common|misc|data)(\.tsx?$|\/)/;
    expect(sources.filter((file) => vague.test(file))).toEqual([]);
  });

  it('prints its measures', () => {
    const sizes = program.map(lines).sort((a, b) => a - b);
    const quantile = (q: number) => sizes[Math.min(sizes.length - 1, Math.floor(q * sizes.length))] ?? 0;
    const total = (files: string[]) => files.reduce((sum, file) => sum + lines(file), 0);
    const measures = {
      files: program.length,
      lines: total(program),
      p50: quantile(0.5),
      p99: quantile(0.99),
      max: sizes.at(-1),
      'test : source': Number((total(sources.filter(isTest)) / total(program)).toFixed(2)),
    };
    console.log('architecture', JSON.stringify(measures));
    expect(measures.p50).toBeLessThanOrEqual(130);
  });
});

const lines = (file: string) => text(file).split('\n').length - 1;
/** Tables of the world (divisions, readings) and texts in two languages are as long as they are. */
const isData = (file: string) => /\/(texts?|i18n|reference|tables)\//.test(file);
const code = (file: string) => text(file).replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

/** Strongly connected components with more than one file (Tarjan), over imports that exist at run time. */
function cycles(): string[] {
  const edges = new Map(program.map((file) => [file, new Set<string>()]));
  for (const { from, to, typeOnly } of inside) if (!typeOnly) edges.get(from)?.add(to);
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[] = [];
  const visit = (file: string): number => {
    const order = index.size;
    index.set(file, order);
    low.set(file, order);
    stack.push(file);
    for (const next of edges.get(file) ?? []) {
      if (!index.has(next)) low.set(file, Math.min(low.get(file) ?? order, visit(next)));
      else if (stack.includes(next)) low.set(file, Math.min(low.get(file) ?? order, index.get(next) ?? order));
    }
    const lowest = low.get(file) ?? order;
    if (lowest === order) {
      const component = stack.splice(stack.indexOf(file));
      if (component.length > 1) found.push(component.sort().join(' ⟷ '));
    }
    return lowest;
  };
  for (const file of program) if (!index.has(file)) visit(file);
  return found;
}

describe('SQL', () => {
  /** Output columns of a statement that are made text under the name they had. */
  const madeText = (statement: string): string[] =>
    [...statement.matchAll(/::text\)? as ([a-z_]+)/g)].map(([, name]) => name ?? '');
  const orders = (statement: string, name: string): boolean =>
    new RegExp(`order by(?:[^)\`]*,)?\\s*${name}\\b`).test(statement);

  it('never sorts numbers as text: ORDER BY means the output column, so what became text there is named with its table', () => {
    const found = program.flatMap((file) =>
      [...text(file).matchAll(/`[^`]*`/g)].flatMap(([statement]) =>
        madeText(statement)
          .filter((name) => NUMBERS.has(name) && orders(statement, name))
          .map((name) => `${file}: order by ${name}`),
      ),
    );
    expect(found).toEqual([]);
  });
});
