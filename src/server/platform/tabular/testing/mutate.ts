import type { Random } from './random.ts';

/** Damages bytes the way disks, networks, editors and attackers do. */
export function mutate(bytes: Buffer, random: Random): Buffer {
  let result: Buffer = Buffer.from(bytes);
  for (let n = 1 + random.below(4); n > 0; n--) result = pickMutation(random)(result, random);
  return result;
}

type Mutation = (bytes: Buffer, random: Random) => Buffer;

const ODD = [
  '"',
  '""',
  "'",
  '\0',
  '\r',
  '\n',
  '<',
  '>',
  '&',
  '&#x0;',
  '<!DOCTYPE a [',
  ']]>',
  '<![CDATA[',
  '</row>',
  '<row r="99999999">',
  '\ufeff',
  ',,,,,,',
  '\t',
  ';',
  '=',
  '\x1a',
  '\xff\xfe',
  '合计',
  'PK\x03\x04',
];

const mutations: Mutation[] = [
  (b, r) => {
    if (b.length > 0) b[r.below(b.length)] = r.below(256);
    return b;
  },
  (b, r) => {
    for (let i = 0; i < 20 && b.length > 0; i++) b[r.below(b.length)] = (b[r.below(b.length)] ?? 0) ^ (1 << r.below(8));
    return b;
  },
  (b, r) => b.subarray(0, r.below(b.length + 1)),
  (b, r) => b.subarray(r.below(Math.min(64, b.length + 1))),
  (b, r) => {
    const at = r.below(b.length + 1);
    return Buffer.concat([b.subarray(0, at), Buffer.from(r.pick(ODD)), b.subarray(at)]);
  },
  (b, r) => {
    const at = r.below(b.length + 1);
    return Buffer.concat([b.subarray(0, at), b.subarray(Math.min(b.length, at + 1 + r.below(200)))]);
  },
  (b, r) => {
    const from = r.below(b.length + 1);
    const to = Math.min(b.length, from + r.below(2000));
    const at = r.below(b.length + 1);
    return Buffer.concat([b.subarray(0, at), b.subarray(from, to), b.subarray(at)]);
  },
  (b, r) => {
    const at = r.below(b.length + 1);
    return Buffer.concat([b.subarray(0, at), Buffer.alloc(1 + r.below(300), r.below(256)), b.subarray(at)]);
  },
];

const pickMutation = (random: Random): Mutation => random.pick(mutations);
