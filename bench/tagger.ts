/**
 * npm run bench -- tagger [--texts 200000]: how many short texts a second one core tags (src/domain/tagging), with dictionaries of 10,000 and 100,000 phrases, and what
 * building them costs. By the processor's time, so that what else the machine does counts less. Texts are sentences like those that people write after a call, 10 to 60 characters, a third of them with a phrase, some of those denied.
 */
import { cpus } from 'node:os';
import { createTagger, type Phrase } from '../src/domain/tagging/index.ts';
import { round } from './harness/figure.ts';
import { loadNow } from './harness/machine.ts';

const at = process.argv.indexOf('--texts');
const TEXTS = at < 0 ? 200_000 : Number(process.argv[at + 1]);
const ROUNDS = 5;
/** Of the module's design: short texts a second and core, with 10,000 phrases. */
const BAR = 50_000;

/** The same numbers each time (mulberry32). */
function drawer(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const draw = drawer(7);
const pick = <T>(from: readonly T[]): T | undefined => from[draw(from.length)];
const HAN = Array.from(
  '预算价格太贵便宜降折扣投诉满意竞品用友金蝶合同续约采购批量定制接口技术咨询培训演示方案审批招标老板决定推荐介绍朋友售后服务质量问题退货发货付款账期发票报价订单样品仓库物流车间设备安装调试维修保养升级扩容系统部署数据安全',
);
const START = ['电话沟通，', '今天拜访，', '微信聊了一下，', '客户来电，', '上午开会，', ''];
const WHO = ['客户', '对方', '采购经理', '王总', '技术负责人', '老板'];
const SAYS = ['表示', '说', '提到', '反馈', '觉得', '问'];
const DENIES = ['没有', '并不是', '不', '不存在', '', '', '', ''];
const END = ['，下周再联系。', '，已发资料。', '。', '，等回复', '，希望尽快安排。'];

function phrasesOf(count: number): Phrase[] {
  const known = new Set<string>();
  while (known.size < count) {
    let text = '';
    for (let n = 2 + draw(5); n > 0; n--) text += pick(HAN);
    known.add(text);
  }
  return [...known].map((text, n) => ({ tag: `t${n % 50}`, text }));
}

function textsOf(phrases: readonly Phrase[], count: number): string[] {
  const texts: string[] = [];
  for (let n = 0; n < count; n++) {
    let filling = '';
    for (let k = 4 + draw(20); k > 0; k--) filling += pick(HAN);
    const said = draw(3) === 0 ? `${pick(DENIES)}${pick(phrases)?.text}` : filling;
    texts.push(`${pick(START)}${pick(WHO)}${pick(SAYS)}${said}${pick(END)}`);
  }
  return texts;
}

console.log(`tagger: ${cpus()[0]?.model ?? ''}, node ${process.version}, load ${loadNow()}`);
for (const size of [10_000, 100_000]) {
  const phrases = phrasesOf(size);
  const texts = textsOf(phrases, TEXTS);
  const began = performance.now();
  const tagger = createTagger(phrases);
  const built = performance.now() - began;
  const rates: number[] = [];
  let [counted, denied] = [0, 0];
  for (let n = 0; n < ROUNDS; n++) {
    [counted, denied] = [0, 0];
    const start = process.cpuUsage();
    for (const text of texts)
      for (const { counts, because } of tagger.find(text))
        if (counts) counted += 1;
        else if (because?.why === 'denied') denied += 1;
    const { user, system } = process.cpuUsage(start);
    rates.push((1_000_000 * texts.length) / (user + system));
  }
  const median = rates.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
  const length = texts.reduce((sum, text) => sum + text.length, 0) / texts.length;
  console.log(
    `  ${size.toLocaleString('en')} phrases: ${Math.round(median).toLocaleString('en')} texts per second of processor (median of ${ROUNDS}, least ${Math.round(rates[0] ?? 0).toLocaleString('en')}) of ${round(length)} characters; built in ${round(built / 1000)} s, ${round(tagger.bytes / 2 ** 20)} MB; ${counted} mentions count, ${denied} are denied`,
  );
  if (size === 10_000 && median < BAR) process.exitCode = 1;
}
