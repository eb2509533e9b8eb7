import { editDistance } from '../distance.ts';
import { leadingPlace, type Place, soundingPlace, trailingPlace } from './places.ts';
import { soundsSame } from './sound.ts';
import { hasHan, letters, plain, words } from './text.ts';

/** The parts of an organisation's name. All parts are plain text (see text.ts). */
export interface CompanyName {
  /** Name without notes, codes and spaces: what two spellings of one name share. */
  full: string;
  /** Place at the front or in brackets; '' when none. */
  province: string;
  city: string;
  /** 字号 and trade without place and legal form: 海尔智家. For Latin names the words joined by a space. */
  core: string;
  /** Place and core together, so that a misread border between them does no harm. */
  whole: string;
  /** Core without a front that sounds like a place (呈都皇上吉祥 → 皇上吉祥), and that place; '' when there is none. */
  otherCore: string;
  otherCity: string;
  /** 字号 alone, as far as the trade at the end is recognised: 海尔. */
  brand: string;
  /** Trade at the end of the core: 科技; '' when none. */
  trade: string;
  /** Legal form as written: 有限责任公司; '' when the name has none. */
  form: string;
  /** The name says 集团. */
  group: boolean;
  /** No 公司, 厂, 合作社 …: the name is no full legal name. */
  informal: boolean;
  /** 分公司, 支行, 营业部 … with its place or number; '' for the head office. */
  branch: string;
  /** Earlier name given with the name (原名, 曾用名), standardised; '' when none. */
  former: string;
  /** Words of a Latin name, legal form and articles left out; empty for Chinese names. */
  tokens: readonly string[];
}

const FORMER = /[(](?:原名?|曾用名|前身|更名前|formerly|f\/?k\/?a)\s*[:：为]?\s*([^()]{3,})[)]/;
const CODE = /^(?:(?:(?:no|kh|id)\.?\s*\d+|[a-z]{1,3}[-.]?\d{2,})\s*[-_.:/、]*\s*)+(?=\p{Script=Han})/u;
const FORMS =
  /(?:股份有限责任公司|有限责任公司|股份有限公司|有限公司|股份公司|集团公司|合伙企业\((?:有限|普通|特殊普通)合伙\)|合伙企业|有限合伙|普通合伙|农民专业合作社|专业合作社|个人独资企业|个体工商户|公司)$/;
/** Long forms that a typing error is looked for in, longest first. */
const FUZZY_FORMS = ['有限责任公司', '股份有限公司', '有限公司', '限责任公司', '份有限公司', '限公司'];
const BRANCH_END =
  /(?:分公司|支公司|分行|支行|分店|门店|营业部|营业厅|营业所|办事处|代表处|联络处|分部|分校|分院|分厂|分社|分局|分所|分中心|项目部|事业部|服务部|服务网点|分理处|储蓄所|经营部|销售部)$/;
const OWNER_END = /公司|银行|集团|事务所|医院|大学|学院|保险|证券|信用社|联社|合作社|厂/g;
const TRADES = [
  '科技 技术 信息 网络 软件 电子 电器 电气 电力 电子商务 商务 商贸 贸易 经贸 工贸 进出口 国际 实业 投资 控股 发展 开发 产业 企业 工业 农业 文化 传媒 传播',
  '广告 教育 培训 咨询 管理 服务 物流 运输 货运 供应链 工程 建设 建筑 建材 装饰 装潢 装备 设备 机械 机电 器械 仪器 仪表 精密 模具 制造 材料 新材料',
  '新能源 能源 环保 节能 生物 医药 制药 药业 医疗 健康 化工 化学 石化 矿业 钢铁 冶金 金属 塑料 橡胶 纺织 服装 服饰 鞋业 食品 饮料 酒业 餐饮 酒店 旅游 旅行社',
  '置业 地产 房地产 物业 园林 家具 家居 家电 日化 化妆品 珠宝 汽车 汽配 船舶 航空 铁路 通信 通讯 数据 智能 智能科技 人工智能 半导体 光电 照明 包装 印刷 纸业',
  '金融 租赁 担保 保险 证券 基金 资产 资本 财务 人力资源 劳务 安防 消防 检测 认证 设计 创意 影视 娱乐 体育 游戏 互联网 种业 牧业 渔业 林业 水务 燃气 热力 集成 系统',
].flatMap((line) => line.split(' '));
const TRADE = new Set(TRADES);
const TRADE_LONGEST = Math.max(...TRADES.map((t) => t.length));
/**
 * Public bodies, schools, hospitals, banks: the place in front is what tells them apart (上海大学, 武汉大学), so it stays part of the name.
 */
const PUBLIC =
  /(?:大学|学院|学校|中学|小学|幼儿园|医院|卫生院|医学院|政府|委员会|人大|政协|局|厅|署|法院|检察院|图书馆|博物馆|体育馆|文化馆|研究院|研究所|设计院|勘察院|中心|银行|信用社|联社|日报社?|晚报|电视台|电台|协会|学会|商会|联合会|基金会|海关|税务局|公园|机场|车站|监狱|派出所|居委会|村委会|街道办事处|办事处)(?:\(.*\))?$/;
const GENERIC =
  /^(?:人民|城市|建设|投资|发展|控股|国有|资产|经营|管理|交通|水务|燃气|热力|供电|自来水|公交|地铁|轨道|旅游|文化|农商|农村|商业|市|省|县|区)+$/;
const LATIN_FORMS = new Set(
  'inc incorporated corp corporation co company ltd limited llc llp lp plc gmbh mbh ag kg ohg ug se sa sas sarl srl spa bv nv ab as asa aps oy oyj kft zrt sro pte pty pvt bhd sdn kk the of and de la du des der die das und for et e y'.split(
    ' ',
  ),
);
const LATIN_SHORT: Record<string, string> = {
  univ: 'university',
  universitaet: 'university',
  universitat: 'university',
  universite: 'university',
  universidad: 'university',
  universita: 'university',
  universiteit: 'university',
  inst: 'institute',
  institut: 'institute',
  instituto: 'institute',
  dept: 'department',
  dep: 'department',
  natl: 'national',
  nat: 'national',
  intl: 'international',
  int: 'international',
  hosp: 'hospital',
  ctr: 'center',
  cntr: 'center',
  centre: 'center',
  centro: 'center',
  zentrum: 'center',
  assoc: 'association',
  assn: 'association',
  acad: 'academy',
  coll: 'college',
  sch: 'school',
  tech: 'technology',
  technol: 'technology',
  sci: 'science',
  sciences: 'science',
  med: 'medical',
  res: 'research',
  lab: 'laboratory',
  labs: 'laboratory',
  laboratories: 'laboratory',
  mfg: 'manufacturing',
  bros: 'brothers',
  govt: 'government',
  gov: 'government',
  min: 'ministry',
  fdn: 'foundation',
  found: 'foundation',
  soc: 'society',
  st: 'saint',
  mt: 'mount',
  ft: 'fort',
  eng: 'engineering',
  mgmt: 'management',
  svcs: 'services',
  svc: 'service',
  grp: 'group',
  hldgs: 'holdings',
  sys: 'systems',
  us: 'usa',
  uk: 'uk',
  technologies: 'technology',
  industries: 'industry',
};

const NO_TOKENS: readonly string[] = [];

/** Splits the legal form off the end, one typing error in a long form forgiven (有限责仁公司, 股份有限司). */
function splitForm(name: string): { rest: string; form: string } {
  const exact = FORMS.exec(name)?.[0] ?? '';
  let cut = exact.length;
  if (exact.length < 4 && name.length > 5)
    for (const form of FUZZY_FORMS) {
      let best = 0;
      if (form.length < 4 || form.charAt(0) === '限' || form.charAt(0) === '份')
        best = name.endsWith(form) ? form.length : 0;
      else
        for (const n of [form.length, form.length - 1, form.length + 1]) {
          const tail = name.slice(-n);
          if (name.length - n >= 2 && tail.charAt(0) === form.charAt(0) && editDistance(tail, form, 1) <= 1) {
            best = n;
            break;
          }
        }
      if (best > cut) {
        cut = best;
        break;
      }
    }
  let rest = name.slice(0, name.length - cut);
  let form = name.slice(name.length - cut);
  if (cut >= 3) {
    // 股份 damaged in front of an intact 有限公司: 股芬, 股, 份
    const two = rest.slice(-2);
    if (two !== '股份' && (/[^控参]股$/.test(rest) || /份$/.test(rest) || soundsSame(two, '股份').same)) {
      const n = soundsSame(two, '股份').same ? 2 : 1;
      form = `股份${form}`;
      rest = rest.slice(0, -n);
    }
  }
  const more = /(?:股份|厂)$/.exec(rest)?.[0] ?? '';
  return more !== '' && rest.length - more.length >= 2
    ? { rest: rest.slice(0, -more.length), form: more + form }
    : { rest, form };
}

function splitBranch(name: string): { head: string; branch: string } {
  let end = -1;
  for (const match of name.matchAll(OWNER_END)) {
    const at = match.index + match[0].length;
    const rest = name.slice(at);
    if (rest.length >= 2 && match.index >= 2 && BRANCH_END.test(rest)) {
      end = at;
      if (match[0] === '公司') break;
    }
  }
  if (end > 0) {
    // 分公司 itself ends in 公司: the owner must end before the branch word
    return { head: name.slice(0, end), branch: name.slice(end) };
  }
  const tail = BRANCH_END.exec(name)?.[0];
  if (tail === undefined || /经营部|销售部|服务部|门店/.test(tail)) return { head: name, branch: '' };
  let at = name.length - tail.length;
  const number = /第?[一二三四五六七八九十\d]+$/.exec(name.slice(0, at))?.[0] ?? '';
  at -= number.length;
  const place = trailingPlace(name.slice(0, at));
  const start = place !== undefined && place.start >= 2 ? place.start : at;
  return start >= 2 ? { head: name.slice(0, start), branch: name.slice(start) } : { head: name, branch: '' };
}

/** Content of brackets is a place, a form or a branch; anything else is a note and goes (（老客户）, 【展会】). */
function brackets(typed: string): { text: string; place?: Place; branch: string } {
  let name = typed;
  const close = name.indexOf(')');
  if (close > 2 && !name.includes('(')) {
    const before = trailingPlace(name.slice(0, close));
    if (before !== undefined) name = `${name.slice(0, before.start)}(${name.slice(before.start)}`;
  }
  let place: Place | undefined;
  let branch = '';
  const text = name
    .replace(/\(([^()]*)\)/g, (whole, inside: string) => {
      if (/(?:店|校区|院区|分部|厂区|园区|馆)$/.test(inside)) {
        branch = inside;
        return '';
      }
      const found = leadingPlace(inside);
      if (found !== undefined && found.length >= inside.length - 1) {
        place ??= found.place;
        return '';
      }
      if (/合伙$/.test(inside)) return whole;
      if (/^(?:集团|控股|股份|中国|国际|有限公司)$/.test(inside)) return inside;
      if (BRANCH_END.test(inside)) return inside;
      return '';
    })
    .replace(/[()](?!(?:有限|普通|特殊普通)合伙|$)/g, '')
    .replace(/\($/, '');
  return place === undefined ? { text, branch } : { text, place, branch };
}

/** Trade words at the end of a core: 海尔智能科技 → 智能科技. At least two characters are left in front. */
export function tradeOf(core: string): string {
  let at = core.length;
  for (;;) {
    let found = 0;
    for (let n = Math.min(TRADE_LONGEST, at - 2); n >= 2; n--)
      if (TRADE.has(core.slice(at - n, at))) {
        found = n;
        break;
      }
    if (found === 0) return core.slice(at);
    at -= found;
  }
}

function latin(text: string, former: string): CompanyName {
  const all = words(text.replace(/\b(?:[a-z]\.){2,}/g, (dotted) => dotted.replace(/\./g, '')));
  const kept = all.filter((w) => !LATIN_FORMS.has(w)).map((w) => LATIN_SHORT[w] ?? w);
  const tokens = kept.length > 0 ? kept : all;
  const core = tokens.join(' ');
  const form = all.filter((w) => LATIN_FORMS.has(w) && w.length > 1).join(' ');
  return {
    full: all.join(' '),
    province: '',
    city: '',
    core,
    brand: tokens[0] ?? '',
    trade: '',
    form,
    whole: core,
    otherCore: '',
    otherCity: '',
    informal: false,
    group: /\bgroup|holdings?\b/.test(core),
    branch: '',
    former,
    tokens,
  };
}

/**
 * Takes an organisation's name apart: code, notes, place, 字号, trade, 集团, legal form, branch, former name.
 * Returns null when nothing is left. Idempotent on `full`.
 */
export function parseCompany(raw: string): CompanyName | null {
  let text = plain(raw);
  let former = '';
  text = text.replace(FORMER, (_whole, name: string) => {
    former = letters(name);
    return '';
  });
  if (!hasHan(text)) {
    const name = latin(text, former);
    return name.full === '' ? null : name;
  }
  text = text.replace(CODE, '');
  // What follows the legal form after a dash or a space is a note, unless it makes a branch.
  text = text.replace(/((?:公司|集团|厂|合伙\)?))\s*[-_/ ]\s*([^-_/ ]{1,8})$/u, (whole, end: string, note: string) =>
    BRANCH_END.test(note) ? whole : end,
  );
  text = text.replace(/(?<=\p{Script=Han}{2})\s*-\s*(?:\p{Script=Han}{2,4}|旧|新|\d)$/u, '');
  const inBrackets = brackets(text.replace(/\s+/g, '').replace(/[^\p{L}\p{N}()&+]/gu, ''));
  const split = splitBranch(inBrackets.text);
  const { head } = split;
  const branch = split.branch || inBrackets.branch;
  const { rest, form } = splitForm(head);
  let core = rest;
  let group = /集团/.test(form);
  const suffix = /(?:集团|\(集团\))$/.exec(core);
  if (suffix !== null && core.length - suffix[0].length >= 2) {
    core = core.slice(0, -suffix[0].length);
    group = true;
  }
  let province = inBrackets.place?.province ?? '';
  let city = inBrackets.place?.city ?? '';
  const unplaced = core;
  for (let round = 0; round < 3; round++) {
    const found = leadingPlace(core);
    if (found === undefined || core.length - found.length < 2) break;
    if (city !== '' && found.place.city !== '' && found.place.city !== city) break;
    province = found.place.city !== '' || province === '' ? found.place.province : province;
    if (found.place.city !== '') city = found.place.city;
    core = core.slice(found.length);
    const county = /^(?:[\u4e00-\u9fff]{2,3}?[县区旗]|经济技术开发区|高新区)/.exec(core)?.[0];
    if (county !== undefined && found.marked && core.length - county.length >= 2) core = core.slice(county.length);
  }
  const place = city || province;
  const whole = place + core;
  if (core !== unplaced && (GENERIC.test(core) || (form === '' && PUBLIC.test(core)))) core = whole;
  if (core === '') return null;
  const trade = tradeOf(core);
  const sounding = place === '' && core.length - trade.length >= 4 ? soundingPlace(core) : undefined;
  const brand = core.slice(0, core.length - trade.length);
  // A place in brackets goes to the front: 迦楼罗(珠海)发展 and 珠海迦楼罗发展 are two ways to write one name.
  const full =
    (inBrackets.place?.city || inBrackets.place?.province || '') +
    letters(inBrackets.text) +
    (inBrackets.branch === '' ? '' : `(${inBrackets.branch})`);
  return {
    full,
    province,
    city,
    core,
    whole,
    otherCore: sounding === undefined ? '' : core.slice(sounding.length),
    otherCity: sounding?.place.city ?? '',
    brand,
    trade,
    form,
    informal: !/公司|厂|合伙|合作社|工商户|独资/.test(form),
    group,
    branch,
    former,
    tokens: NO_TOKENS,
  };
}
