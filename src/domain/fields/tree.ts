import { compact } from '../text/normalise.ts';
import type { Tree, TreeNode } from './types.ts';

/** A reference file of templates/reference: nodes as `code|name|English`, in order. */
export interface TreeFile {
  name: string;
  label: { zh: string; en: string };
  /** How a code names its parent: `zeros` 330106 → 330100 → 330000; `prefix` 3610 → 361 → 36 → the letter above. */
  coding: 'zeros' | 'prefix';
  asOf: string;
  nodes: string[];
  /** `code|word|word`: words people use for a node. */
  aliases?: string[];
  /** `code|name|year of its end|codes that cover it now` */
  retired?: string[];
}

export interface ReferenceTree extends Tree {
  name: string;
  /** How deep a node lies; 0 for roots. */
  depth(code: string): number;
  /** Nodes whose whole or short name is this text (compact form), and those that took over a retired one. */
  named(key: string): Named[];
  /** Length in characters of the longest name. */
  longest: number;
  /** Codes of today for a code that is retired; itself when it is current; empty when unknown. */
  current(code: string): string[];
}

export interface Named {
  code: string;
  /** `whole` 杭州市 · `short` 杭州 · `english` Hangzhou · `retired` 崇文区 */
  as: 'whole' | 'short' | 'english' | 'retired';
}

const NATIONALITY =
  '(?:蒙古族?|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族|黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯|塔吉克|怒族|鄂温克族|鄂伦春|保安族|裕固族|独龙族|普米族|各族)';
const AUTONOMOUS = new RegExp(`^(.{2,}?)${NATIONALITY}{1,4}(?:自治区|自治州|自治县|自治旗)$`, 'u');
const PLACE_SUFFIX = /(?:特别行政区|自治区|自治州|自治县|自治旗|新区|林区|特区|地区|省|市|盟|州|区|县|旗)$/u;
/** Levels of statistics that are no places. */
const FILLER = /^(?:市辖区|省直辖县级行政区划|自治区直辖县级行政区划)/u;
const TRADE_SUFFIX = /(?:制造业|加工业|制品业|服务业|行业|制造|业)$/u;

/** 浙江省 → 浙江, 恩施土家族苗族自治州 → 恩施, 汽车制造业 → 汽车. Nothing shorter than two characters. */
function shortNames(name: string, coding: TreeFile['coding']): string[] {
  const out: string[] = [];
  if (coding === 'prefix') {
    out.push(name.replace(/业$/u, ''), name.replace(TRADE_SUFFIX, ''));
  } else {
    const place = AUTONOMOUS.exec(name)?.[1] ?? '';
    out.push(place, name.replace(PLACE_SUFFIX, ''), place !== '' && name.endsWith('自治州') ? `${place}州` : '');
  }
  return [...new Set(out)].filter((short) => [...short].length >= 2 && short !== name);
}

export function makeTree(file: TreeFile): ReferenceTree {
  const nodes = new Map<string, TreeNode>();
  const children = new Map<string | null, TreeNode[]>();
  const keys = new Map<string, Named[]>();
  const words = new Map<string, string>();
  const retired = new Map<string, string[]>();
  let longest = 0;

  const remember = (text: string, named: Named): void => {
    const key = compact(text);
    const list = keys.get(key);
    if (!list) keys.set(key, [named]);
    else if (!list.some((n) => n.code === named.code)) list.push(named);
    if (named.as !== 'english') longest = Math.max(longest, key.length);
  };

  let section: string | null = null;
  const parentOf = (code: string): string | null => {
    if (file.coding === 'prefix') {
      if (/^\D/.test(code)) section = code;
      if (/^\D/.test(code)) return null;
      return code.length > 2 ? code.slice(0, -1) : section;
    }
    for (const candidate of [`${code.slice(0, 4)}00`, `${code.slice(0, 2)}0000`])
      if (candidate !== code && nodes.has(candidate)) return candidate;
    return null;
  };

  for (const line of file.nodes) {
    const [code = '', zh = '', en = ''] = line.split('|');
    const node: TreeNode = { code, label: { zh, en }, parent: parentOf(code) };
    nodes.set(code, node);
    const siblings = children.get(node.parent);
    if (siblings) siblings.push(node);
    else children.set(node.parent, [node]);
    remember(zh, { code, as: 'whole' });
  }
  for (const { code, label } of nodes.values()) {
    for (const short of shortNames(label.zh, file.coding)) remember(short, { code, as: 'short' });
    if (label.en) remember(label.en, { code, as: 'english' });
  }
  for (const line of file.aliases ?? []) {
    const [code = '', ...list] = line.split('|');
    for (const word of list) words.set(compact(word), code);
  }
  for (const line of file.retired ?? []) {
    const [code = '', name = '', , targets = ''] = line.split('|');
    const now = targets.split(',').filter((t) => nodes.has(t));
    if (!nodes.has(code)) retired.set(code, now);
    const [only] = now;
    // A name that lives on elsewhere (静安区) means the living one.
    if (only && now.length === 1 && !keys.get(compact(name))?.some((n) => n.as === 'whole'))
      remember(name, { code: only, as: 'retired' });
  }

  const path = (code: string): TreeNode[] => {
    const out: TreeNode[] = [];
    for (let node = nodes.get(code); node; node = node.parent === null ? undefined : nodes.get(node.parent))
      out.unshift(node);
    return out;
  };
  const depth = (code: string): number => path(code).length - 1;
  const isUnder = (code: string, ancestor: string): boolean => path(code).some((n) => n.code === ancestor);

  /** One node among candidates: the one that contains all the others, or the only one of the highest rank when that is a root. */
  const choose = (codes: string[]): string | null => {
    const [first] = codes;
    if (first === undefined || codes.length === 1) return first ?? null;
    const top = codes.find((code) => codes.every((other) => isUnder(other, code)));
    if (top) return top;
    const roots = codes.filter((code) => nodes.get(code)?.parent === null);
    return roots.length === 1 ? (roots[0] ?? null) : null;
  };

  const within = (text: string, ancestor: string | null, below: 'child' | 'any' | 'self' = 'self'): string | null => {
    const key = compact(text);
    const fits = (code: string): boolean => {
      if (ancestor === null) return true;
      if (below === 'child') return nodes.get(code)?.parent === ancestor;
      return isUnder(code, ancestor) && (below === 'self' || code !== ancestor);
    };
    const named = (keys.get(key) ?? []).filter((n) => fits(n.code));
    const of = (kind: Named['as']): string[] => named.filter((n) => n.as === kind).map((n) => n.code);
    const whole = of('whole');
    // Several of the whole name: which one isn't said, and no shorter reading may win.
    if (whole.length > 0) return choose(whole);
    const word = words.get(key);
    if (word && fits(word)) return word;
    return choose(of('short')) ?? choose(of('english')) ?? choose(of('retired'));
  };

  /** `36`, `C36`, `C36 汽车制造业`, `330106 西湖区` */
  const byCode = (text: string): string | null => {
    const match = /^\s*([A-Za-z])?(\d{2,6})?(?:\s*[-—.:：、]?\s*(\D.*))?$/u.exec(text);
    if (!match) return null;
    const [, letter = '', digits = '', name] = match;
    const code = digits || letter.toUpperCase();
    const node =
      nodes.get(code) ?? (retired.get(code)?.length === 1 ? nodes.get(retired.get(code)?.[0] ?? '') : undefined);
    if (!node || (digits && letter && path(node.code)[0]?.code !== letter.toUpperCase())) return null;
    if (name === undefined) return node.code;
    return letter && !digits && within(name, null) !== node.code
      ? null
      : within(name, null) === node.code || digits
        ? node.code
        : null;
  };

  const along = (parts: string[]): string | null => {
    let at: string | null = null;
    for (const part of parts) {
      // 吉林/吉林 goes down, Liaoning/Jinzhou to the city and not a district, 北京市/北京市 stays
      at = within(part, at, 'child') ?? within(part, at, 'any') ?? within(part, at);
      if (at === null) return null;
    }
    return at;
  };

  /** `制造业/汽车制造业`, `浙江 杭州`; names themselves contain 、 and ，. */
  const byPath = (text: string): string | null => {
    for (const separator of [/[/／\\>＞|→]/u, /\s+[-—–]\s+|\s+/u, /[-—–,，]/u]) {
      const parts = text
        .split(separator)
        .map((part) => part.trim())
        .filter((part) => part !== '');
      const found = parts.length > 1 ? along(parts) : null;
      if (found) return found;
    }
    return null;
  };

  /** `浙江省杭州市`: names run together, longest first. */
  const byRun = (text: string, ancestor: string | null): string | null => {
    for (let length = Math.min(longest, text.length); length >= 2; length--) {
      const code = within(text.slice(0, length), ancestor);
      if (code === null) continue;
      const rest = text.slice(length).replace(FILLER, '');
      const found = rest === '' ? code : byRun(rest, code);
      if (found) return found;
    }
    return null;
  };

  const find = (text: string): TreeNode | null => {
    const code = byCode(text) ?? within(text, null) ?? byPath(text) ?? byRun(compact(text), null);
    return code === null ? null : (nodes.get(code) ?? null);
  };

  return {
    name: file.name,
    longest,
    find,
    node: (code) => nodes.get(code) ?? null,
    path,
    children: (code) => children.get(code) ?? [],
    depth,
    named: (key) => keys.get(key) ?? [],
    current: (code) => (nodes.has(code) ? [code] : (retired.get(code) ?? [])),
  };
}
