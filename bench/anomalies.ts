/** npm run bench -- anomalies: slips that are found and ordinary edits that are held, in believable histories. Prints its seeds. */
import { judge, learnPattern, type Pattern, UNKNOWN } from '../src/domain/anomaly/index.ts';
import { normal, type Random, seededRandom } from '../src/domain/freshness/random.ts';

interface Firm {
  history: number[];
  next: number;
}

interface World {
  name: string;
  /** Powers of ten between firms, between values of one firm (least, most), share of real jumps by a factor of two to five. */
  between: number;
  within: [number, number];
  jumps: number;
  values: [number, number];
}

const WORLDS: World[] = [
  { name: 'orders of steady customers', between: 0.6, within: [0.03, 0.12], jumps: 0.01, values: [4, 16] },
  { name: 'yearly amounts, growing', between: 0.8, within: [0.05, 0.2], jumps: 0.02, values: [2, 8] },
  { name: 'contracts of all sizes', between: 0.9, within: [0.1, 0.3], jumps: 0.02, values: [3, 12] },
  { name: 'few values each', between: 0.5, within: [0.04, 0.15], jumps: 0.01, values: [1, 3] },
];

/** What goes wrong: 万元 typed as 元 and back, thousands, a digit doubled or dropped, the decimal point lost, 分 for 元. */
const SLIPS: Record<string, (value: number, random: Random) => number> = {
  '×10,000 (元 for 万元)': (value) => value * 10_000,
  '÷10,000 (万元 for 元)': (value) => value / 10_000,
  '×1,000': (value) => value * 1000,
  '÷1,000': (value) => value / 1000,
  '×100 (decimal point lost, 分 for 元)': (value) => value * 100,
  '÷100': (value) => value / 100,
  'a zero too many': (value) => value * 10,
  'a zero too few': (value) => value / 10,
  'a digit doubled': (value, random) => {
    const digits = String(Math.round(value));
    const at = Math.floor(random() * digits.length);
    return Number(digits.slice(0, at + 1) + digits.slice(at));
  },
  'a digit dropped': (value, random) => {
    const digits = String(Math.round(value));
    const at = Math.floor(random() * digits.length);
    return Number(digits.slice(0, at) + digits.slice(at + 1));
  },
};

function firm(world: World, random: Random): Firm {
  const [low, high] = world.within;
  const within = low + (high - low) * random();
  const growth = 0.02 * normal(random);
  let level = 4.8 + world.between * normal(random);
  const count = world.values[0] + Math.floor(random() * (world.values[1] - world.values[0] + 1));
  const values = Array.from({ length: count + 1 }, () => {
    level += growth;
    if (random() < world.jumps) level += (random() < 0.5 ? -1 : 1) * Math.log10(2 + 3 * random());
    return rounded(10 ** (level + within * normal(random)));
  });
  return { history: values.slice(0, -1), next: values.at(-1) ?? 1 };
}

/** Two to four figures, as people agree on amounts. */
const rounded = (value: number) => Number(value.toPrecision(3));

function measure(world: World, seed: number): void {
  const random = seededRandom(seed);
  const pattern = learnPattern(Array.from({ length: 3000 }, () => firm(world, random).history));
  const fresh = Array.from({ length: 20_000 }, () => firm(world, random));
  const held = (p: Pattern) => fresh.filter(({ history, next }) => judge(next, history, p)).length / fresh.length;
  const found = Object.entries(SLIPS).map(([name, slip]) => {
    const caught = fresh.filter(({ history, next }) => judge(slip(next, random), history, pattern)).length;
    return { name, share: caught / fresh.length };
  });
  const all = found.reduce((sum, { share }) => sum + share, 0) / found.length;
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  console.log(
    `${world.name} (seed ${seed}): found ${percent(all)} (asked: 95), ordinary edits held ${percent(held(pattern))} (asked: at most 0.5; before anything is learned ${percent(held(UNKNOWN))})`,
  );
  console.log(`  ${found.map(({ name, share }) => `${name} ${percent(share)}`).join(', ')}`);
}

for (const world of WORLDS) for (const seed of [1, 2]) measure(world, seed);
