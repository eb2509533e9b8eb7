import { simplify } from '../text/simplify.ts';
import { visible } from '../text/width.ts';
import type { ReferenceTree } from './tree.ts';

export interface AddressParts {
  /** Deepest division found (GB/T 2260); null when none or ambiguous. */
  code: string | null;
  province: string | null;
  city: string | null;
  district: string | null;
  /** Functional zone that is no division: 经济技术开发区, 苏州工业园区, 雄安新区. */
  zone: string | null;
  /** 街道, 镇, 乡 */
  street: string | null;
  detail: string;
  /** 0..1: 1 all levels written out, 0.9 some implied, 0.8 short names, 0.6 an old name, 0.5 a county's short name alone, 0.4 one of several places, 0 nothing found. */
  confidence: number;
}

interface Match {
  codes: string[];
  as: 'whole' | 'short' | 'retired';
  length: number;
}

const NOISE =
  /^(?:(?:公司|联系|详细|办公|注册|收货|通讯)?地址\s*[::：]|中华人民共和国|中国(?![（(]))\s*|^\d{6}(?=\D)\s*/u;
const FREE_TRADE = /^中国[（(]([^）)]{2,4})[）)]自由贸易(?:试验区|港)/u;
const FILLER = /^(?:市辖区|省直辖县级行政区划|自治区直辖县级行政区划|省直辖|县(?=[\p{Script=Han}]{2,}县))/u;
const DANGLING = /^[省市区县州盟旗]/u;
const ZONE =
  /^[\p{Script=Han}]{0,10}?(?:经济技术开发区|高新技术产业开发区|高新技术开发区|高新技术产业园区|经济开发区|工业园区|高新区|经开区|开发区|保税区|保税港区|综合保税区|自贸区|示范区|新区|风景名胜区|旅游度假区)/u;
const TOWNSHIP = /^[\p{Script=Han}]{1,10}?(?:街道办事处|街道|民族乡|苏木|镇(?![路街巷道大])|乡(?![路街巷道村]))/u;

/** Splits a Chinese address. Levels may be left out, run together, short, repeated or retired; `tree` is the division tree. */
export function parseAddress(text: string, tree: ReferenceTree): AddressParts {
  let rest = simplify(visible(text)).replace(/\s+/gu, '');
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replace(NOISE, '');
  }
  const trade = FREE_TRADE.exec(rest);
  const zoneByTrade = trade ? `${trade[1]}自由贸易试验区` : null;
  if (trade) rest = `${trade[1]}${rest.slice(trade[0].length)}`;
  const best = bestReading(rest, tree);
  const at = best ? rest.slice(best.end) : rest;
  const path = best ? tree.path(best.code) : [];
  const zone = best ? (ZONE.exec(at)?.[0] ?? null) : null;
  const afterZone = zone ? at.slice(zone.length) : at;
  const street = best ? (TOWNSHIP.exec(afterZone)?.[0] ?? null) : null;
  const level = (depth: number): string | null => path.find((node) => rank(node.code) === depth)?.label.zh ?? null;
  return {
    code: best?.code ?? null,
    province: level(0),
    city: level(1),
    district: level(2),
    zone: zone ?? zoneByTrade,
    street,
    detail: street ? afterZone.slice(street.length) : afterZone,
    confidence: best?.confidence ?? 0,
  };
}

/** 0 province, 1 prefecture, 2 county, whatever lies between them in the tree. */
function rank(code: string): number {
  if (code.endsWith('0000')) return 0;
  return code.endsWith('00') ? 1 : 2;
}

interface Reading {
  code: string;
  end: number;
  score: number;
  confidence: number;
}

function bestReading(text: string, tree: ReferenceTree): Reading | null {
  const readings: Reading[] = [];
  extend(text, 0, null, { levels: 0, letters: 0, worst: 1 }, tree, readings, 0);
  readings.sort((a, b) => b.score - a.score);
  const [first, second] = readings;
  if (!first) return null;
  // Two places fit as well (朝阳区 of Beijing and of Changchun): the text doesn't say which.
  if (second && second.score === first.score && second.code !== first.code) return common(first, second, tree);
  return first;
}

function common(a: Reading, b: Reading, tree: ReferenceTree): Reading | null {
  const shared = tree
    .path(a.code)
    .filter((node) => tree.path(b.code).some((other) => other.code === node.code))
    .pop();
  return shared ? { ...a, code: shared.code, confidence: 0.4 } : null;
}

interface Trail {
  levels: number;
  letters: number;
  worst: number;
}

/** Reads one more level at `at` below `context`, every way it can be read, deepest last. */
function extend(
  text: string,
  at: number,
  context: string | null,
  trail: Trail,
  tree: ReferenceTree,
  out: Reading[],
  steps: number,
): void {
  if (steps > 5) return;
  const filler = context === null ? 0 : (FILLER.exec(text.slice(at))?.[0].length ?? 0);
  for (const match of matchesAt(text, at + filler, tree)) {
    const end = at + filler + match.length;
    const dangling = match.as === 'short' && DANGLING.test(text.slice(end));
    for (const code of match.codes) {
      const inside = context === null || tree.path(code).some((node) => node.code === context);
      if (!inside) continue;
      // A short county name without any parent is a guess: 柯桥 passes as one, 南山 (three of them) and 天河路 don't.
      const alone = context === null && match.as === 'short' && rank(code) === 2;
      if (alone && (match.codes.length > 1 || /^[路街巷道村]/u.test(text.slice(end)))) continue;
      const skipped = tree.path(code).length - 1 - (context === null ? -1 : tree.path(context).length - 1) - 1;
      const quality = match.as === 'whole' ? 1 : match.as === 'short' ? 0.8 : 0.6;
      const next: Trail = {
        levels: trail.levels + 1,
        letters: trail.letters + match.length - (dangling ? 3 : 0),
        worst: Math.min(trail.worst, alone ? 0.5 : quality, skipped > 0 ? 0.9 : 1),
      };
      out.push({
        code,
        end,
        score: next.letters * 10 + (match.as === 'whole' ? 5 : 0) + rank(code) - (code === context ? 4 : 0),
        confidence: next.worst,
      });
      extend(text, end, code, next, tree, out, steps + 1);
    }
  }
}

function matchesAt(text: string, at: number, tree: ReferenceTree): Match[] {
  const out: Match[] = [];
  const longest = Math.min(tree.longest, text.length - at);
  for (let length = longest; length >= 2; length--) {
    const named = tree.named(text.slice(at, at + length));
    for (const as of ['whole', 'short', 'retired'] as const) {
      const codes = named.filter((n) => n.as === as).map((n) => n.code);
      if (codes.length > 0) out.push({ codes, as, length });
    }
  }
  return out;
}
