import type { Label } from '../issue.ts';
import type { Fault } from './verify-log.ts';

/** What is wrong, and where, as a sentence. */
export function faultSentence({ code, leaf, to, id }: Fault): Label {
  const one = `第 ${leaf} 号记录${id === undefined ? '' : `（${id}）`}`;
  const entry = `Entry ${leaf}${id === undefined ? '' : ` (${id})`}`;
  const [among, between] =
    to === undefined ? [one, entry] : [`第 ${leaf} 至 ${to} 号记录之间`, `Somewhere in entries ${leaf} to ${to}`];
  switch (code) {
    case 'entry-missing':
      return {
        zh: `第 ${leaf} 号记录缺失，此前的记录完好。`,
        en: `Entry ${leaf} is missing; those before it are sound.`,
      };
    case 'entry-surplus':
      return { zh: `${one}是多出来的：日志没有这一条。`, en: `${entry} is one too many: the log has no such entry.` };
    case 'entry-changed':
      return { zh: `${one}被改动、移位或替换。`, en: `${entry} was changed, moved or replaced.` };
    case 'private-changed':
      return { zh: `${one}的隐私部分被改动。`, en: `The private part of entry ${leaf} was changed.` };
    case 'head-signature':
      return { zh: `${among}：盖住它的树头没有有效签名。`, en: `${between}: the head above has no valid signature.` };
    case 'head-differs':
      return {
        zh: `${among}有改动：与签过名的树头不符。`,
        en: `${between} was changed: it doesn’t fit the signed head.`,
      };
    case 'head-beyond':
      return { zh: `${among}：树头的位置不对。`, en: `${between}: the head stands in the wrong place.` };
    case 'fork':
      return {
        zh: `${among}有两个版本：另一个签过名的树头说的不是这份日志（分叉）。`,
        en: `${between} exists in two versions: another signed head tells of a different log (a fork).`,
      };
    case 'uncovered':
      return { zh: `${among}没有签名的树头盖住。`, en: `${between} is not covered by a signed head.` };
    case 'unreadable':
      return {
        zh: `第 ${leaf} 号记录读不出来，或不是日志的格式。`,
        en: `Entry ${leaf} can’t be read, or is not in the format of a log.`,
      };
  }
}
