import { hasHan, plain, words } from './text.ts';

/** A person's name. Chinese names are surname first; Latin names keep their order. */
export interface PersonName {
  /** Canonical text: without title, spaces (Chinese) or dots. */
  full: string;
  han: boolean;
  /** Surname when certain (Chinese); '' otherwise. */
  surname: string;
  /** What follows the surname; '' when only a surname with a title is given (张经理). */
  given: string;
  tokens: readonly string[];
}

const COMPOUND = new Set(
  '欧阳 司马 上官 诸葛 夏侯 尉迟 皇甫 慕容 令狐 宇文 长孙 司徒 东方 公孙 端木 南宫 独孤 轩辕 呼延 闻人 澹台 申屠 太史 钟离 濮阳 完颜 拓跋 百里 东郭 西门 赫连'.split(
    ' ',
  ),
);
const TITLE =
  /(?:先生|女士|小姐|太太|夫人|经理|总经理|副总|总监|主任|主管|部长|处长|科长|局长|院长|校长|所长|厂长|店长|董事长|董事|老板|老师|教授|医生|大夫|律师|工程师|工|总|董|师傅|同志|书记|会计|采购|秘书|助理)$/;
/** Common surnames (百家姓 by frequency), so that a column of names is recognised and 总/工 is not taken for a given name. */
const SURNAMES = new Set(
  '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧肖程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎阉闫余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺'.split(
    '',
  ),
);
const HONORIFIC = new Set(
  'mr mrs ms miss dr prof sir rev hon jr sr esq madame mme herr frau lady lord capt col maj'.split(' '),
);

export function looksChineseName(text: string): boolean {
  return /^\p{Script=Han}{2,4}$/u.test(text) && (SURNAMES.has(text.charAt(0)) || COMPOUND.has(text.slice(0, 2)));
}

const NO_TOKENS: readonly string[] = [];

/** Takes a person's name apart; null when empty. Idempotent on `full`. */
export function parsePerson(raw: string): PersonName | null {
  const text = plain(raw)
    .replace(/\([^)]*\)/g, ' ')
    .trim();
  if (text === '') return null;
  if (hasHan(text)) {
    const whole = text.replace(/[^\p{L}\p{N}]+/gu, '');
    let name = whole;
    const title = TITLE.exec(name);
    if (title !== null && title.index >= 1 && (title.index <= 2 || title[0].length > 1))
      name = name.slice(0, title.index);
    const length = COMPOUND.has(name.slice(0, 2)) && name.length > 2 ? 2 : COMPOUND.has(name) ? 2 : 1;
    return { full: name, han: true, surname: name.slice(0, length), given: name.slice(length), tokens: NO_TOKENS };
  }
  // "Smith, John" is written surname first.
  const comma = /^([^,]+),\s*([^,]+)$/.exec(text);
  const all = words(comma === null ? text : `${comma[2]} ${comma[1]}`);
  const tokens = all.filter((w) => !HONORIFIC.has(w));
  const kept = tokens.length > 0 ? tokens : all;
  if (kept.length === 0) return null;
  return { full: kept.join(' '), han: false, surname: '', given: '', tokens: kept };
}

/** English short forms by the full name. Both directions, and two short forms of one name, count as variants. */
const NICK = `alexander alex al sandy|alexandra alex sandra|alfred alf fred|andrew andy drew|anthony tony ant|arthur art|barbara barb babs|benjamin ben benny|catherine cathy kate katie kathy katherine kathryn|charles charlie chas chuck|charlotte lottie charlie|christina chris tina|christopher chris kit|daniel dan danny|david dave davy|deborah deb debbie|dorothy dot dolly|edward ed eddie ted ned|eleanor ellie nell nora|elizabeth liz beth betty eliza lizzie bess elsie|emily em emmy|florence flo florrie|frances fanny fran|francis frank fran|frederick fred freddie|george geo georgie|gregory greg|harold harry hal|harriet hattie|henry harry hank hal|isabella bella isabel|jacob jake|james jim jimmy jas jamie|jane jenny janet|jennifer jen jenny|john jack johnny jno jon|jonathan jon|joseph joe jos joey|joshua josh|lawrence larry laurie|leonard len lenny|margaret maggie meg peggy marge daisy|martha patty|mary molly polly may|matthew matt|michael mike mick micky|nathaniel nat nathan|nicholas nick|patrick pat paddy|patricia pat patty trish|peter pete|philip phil|rebecca becky|richard dick rick rich richd|robert bob rob bobby robt bert|ronald ron|samuel sam saml|sarah sally sadie|stephen steve steven|susan sue susie|theodore ted theo|thomas tom tommy thos|timothy tim|victoria vicky|walter walt|william bill will wm billy willie`;
const nick = new Map<string, number[]>();
NICK.split('|').forEach((line, i) => {
  for (const name of line.split(' ')) nick.set(name, [...(nick.get(name) ?? []), i]);
});

export function sameNickname(a: string, b: string): boolean {
  const of = nick.get(a);
  return of?.some((i) => nick.get(b)?.includes(i)) ?? false;
}
