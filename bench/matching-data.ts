import { seeded } from '../src/domain/matching/random.ts';
import { placeNames, placeOf } from '../src/domain/matching/standardise/places.ts';
import { readings } from '../src/domain/matching/standardise/sound.ts';
import type { Row } from '../src/domain/matching/types.ts';

/**
 * A made-up register of Chinese companies with their contacts: 15 % of the rows are duplicates of another row, spoiled the way people spoil
 * them, and there are pairs that look like duplicates and are not (branches, groups and subsidiaries, the same name in another city, a
 * shared switchboard or contact, different companies of one contact). Same seed, same rows.
 */
export interface Made {
  row: Row;
  /** Number of the thing the row is about. */
  entity: number;
}

export const COLUMNS = ['公司名称', '统一社会信用代码', '联系人', '手机', '电话', '邮箱', '地址'];

const BRAND =
  '安邦博昌晨诚创达德鼎东凡丰福富高冠光广国海豪浩和恒弘宏鸿华辉汇慧嘉佳建江金锦晶景巨凯康科朗乐力利联龙隆美名明宁普齐启千强庆泉仁荣瑞森尚盛世顺思泰腾天通万威伟文祥新鑫兴星旭亚阳耀益永优元远悦云泽展振正志智中众卓';
const TRADES =
  '科技 信息技术 网络科技 电子 贸易 商贸 实业 投资 建筑工程 装饰工程 机械设备 新材料 环保科技 生物科技 医疗器械 食品 餐饮管理 文化传媒 教育科技 物流 供应链管理 房地产开发 汽车销售 服饰 家具 化工 能源 农业发展 软件 智能科技'.split(
    ' ',
  );
const FORMS = ['有限公司', '有限责任公司', '股份有限公司'];
const SURNAMES =
  '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段';
const GIVEN =
  '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红文建国志鹏宇浩然子涵欣怡梓轩博雅晨曦思远嘉诚俊凯雪梅海燕春生德福永康';
const ROADS =
  '人民 中山 解放 建设 新华 和平 文化 胜利 长江 黄河 北京 南京 青年 工业 科技 创新 滨江 湖滨 学府 迎宾 光明 朝阳 幸福 友谊 团结'.split(
    ' ',
  );
const DISTRICTS = '城东区 城西区 高新区 新城区 江北区 江南区 河东区 河西区 开发区 湖滨区'.split(' ');
const HOSTS = ['163.com', 'qq.com', '126.com', 'sina.com', 'foxmail.com'];
const NOTES = ['（老客户）', '(已停用)', '-重复', '【展会】', ' 采购部'];
const TRADITIONAL: Record<string, string> = {
  东: '東',
  广: '廣',
  国: '國',
  华: '華',
  辉: '輝',
  汇: '匯',
  龙: '龍',
  乐: '樂',
  联: '聯',
  丰: '豐',
  宁: '寧',
  庆: '慶',
  荣: '榮',
  顺: '順',
  腾: '騰',
  万: '萬',
  伟: '偉',
  兴: '興',
  亚: '亞',
  阳: '陽',
  优: '優',
  远: '遠',
  悦: '悅',
  云: '雲',
  泽: '澤',
  众: '眾',
  术: '術',
  网: '網',
  络: '絡',
  电: '電',
  贸: '貿',
  实: '實',
  业: '業',
  资: '資',
  筑: '築',
  环: '環',
  医: '醫',
  疗: '療',
  发: '發',
  机: '機',
  设: '設',
  备: '備',
  责: '責',
  产: '產',
};

interface Company {
  entity: number;
  place: string;
  brand: string;
  trade: string;
  form: string;
  group: boolean;
  branch: string;
  uscc: string;
  contacts: { name: string; mobile: string; email: string }[];
  phone: string;
  address: string;
}

/** Yields `rows` rows. Duplicates follow within a few thousand rows of each other; the order carries no other hint. */
export function* madeRegister(rows: number, seed: number): Generator<Made> {
  const random = seeded(seed);
  const int = (n: number): number => Math.floor(random() * n);
  const pick = <T>(list: readonly T[] | string): T => list[int(list.length)] as T;
  const chance = (p: number): boolean => random() < p;
  const cities = placeNames().filter((n) => placeOf(n)?.city === n && n.length <= 3);
  const digits = (n: number): string => Array.from({ length: n }, () => int(10)).join('');
  const homophones = new Map<string, string[]>();
  for (const c of new Set([...BRAND, ...GIVEN, ...TRADES.join('')].filter((x) => x !== ' '))) {
    const sound = readings(c)[0] ?? c;
    homophones.set(sound, [...(homophones.get(sound) ?? []), c]);
  }

  const uscc = (): string => {
    const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
    const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let code = `91${digits(6)}`;
    while (code.length < 17) code += alphabet[int(31)];
    let sum = 0;
    for (let i = 0; i < 17; i++) sum += alphabet.indexOf(code[i] ?? '0') * (weights[i] ?? 0);
    return code + alphabet[(31 - (sum % 31)) % 31];
  };
  const person = (host: string): Company['contacts'][number] => {
    const name = pick<string>(SURNAMES) + pick<string>(GIVEN) + (chance(0.7) ? pick<string>(GIVEN) : '');
    const user = [...name].map((c) => readings(c)[0] ?? 'x').join('') + digits(3);
    return { name, mobile: `1${3 + int(7)}${digits(9)}`, email: `${user}@${chance(0.5) ? pick(HOSTS) : host}` };
  };
  const company = (entity: number, like?: Partial<Company>): Company => {
    const brand =
      pick<string>(BRAND) +
      pick<string>(BRAND) +
      (chance(0.6) ? pick<string>(BRAND) : '') +
      (chance(0.15) ? pick<string>(BRAND) : '');
    const host = `${[...(like?.brand ?? brand)].map((c) => readings(c)[0] ?? '').join('')}${int(900)}.com`;
    const place = pick(cities);
    return {
      entity,
      place,
      brand,
      trade: pick(TRADES),
      form: pick(FORMS),
      group: false,
      branch: '',
      uscc: uscc(),
      contacts: [person(host), person(host)],
      phone: `0${310 + int(650)}-${2 + int(7)}${digits(7)}`,
      address: `${like?.place ?? place}市${pick(DISTRICTS)}${pick(ROADS)}${pick(['路', '大道', '街'])}${1 + int(999)}号${chance(0.6) ? `${1 + int(30)}层${100 + int(2900)}室` : ''}`,
      ...like,
    };
  };
  const nameOf = (c: Company): string =>
    `${c.place}${c.brand}${c.trade}${c.group ? '集团' : ''}${c.form}${c.branch === '' ? '' : `${c.branch}分公司`}`;
  const write = (c: Company, name: string, spoil: boolean): Row => {
    const who = spoil && chance(0.2) ? c.contacts[1] : c.contacts[0];
    const mobile = who?.mobile ?? '';
    const some = (value: string, p: number): string => (chance(p) ? value : '');
    const mobileForm = !spoil
      ? mobile
      : pick([
          mobile,
          mobile,
          `+86 ${mobile}`,
          `${mobile.slice(0, 3)}-${mobile.slice(3, 7)}-${mobile.slice(7)}`,
          `${mobile}.0`,
          mobile.slice(0, 10) + int(10),
        ]);
    const phoneForm = !spoil
      ? c.phone
      : pick([
          c.phone,
          c.phone.replace('-', ''),
          c.phone.split('-')[1] ?? '',
          `（${c.phone.split('-')[0]}）${c.phone.split('-')[1]}`,
          `${c.phone}转${100 + int(900)}`,
        ]);
    const addressForm = !spoil
      ? c.address
      : pick([
          c.address,
          c.address.replace('市', ''),
          c.address.replace(/\d+层.*/, ''),
          c.address.replace('层', 'F').replace('室', ''),
          c.address.replace('号', ''),
        ]);
    return {
      公司名称: name,
      统一社会信用代码: some(c.uscc, 0.15),
      联系人: some(spoil && chance(0.08) ? `${(who?.name ?? '').slice(0, 1)}经理` : (who?.name ?? ''), 0.95),
      手机: some(mobileForm, 0.85),
      电话: some(phoneForm, 0.6),
      邮箱: some(spoil && chance(0.1) ? (who?.email ?? '').toUpperCase() : (who?.email ?? ''), 0.6),
      地址: some(addressForm, 0.8),
    };
  };
  const spoiledName = (c: Company): string => {
    const full = nameOf(c);
    const at = c.place.length + int(c.brand.length);
    switch (int(9)) {
      case 0:
        return c.branch === '' && !c.group ? `${c.place}${c.brand}${c.trade}` : full;
      case 1:
        return c.branch === '' && !c.group ? `${c.brand}${c.trade}` : full;
      case 2:
        return full.slice(c.place.length);
      case 3:
        return `${c.brand}${chance(0.5) ? `（${c.place}）` : `(${c.place})`}${full.slice(c.place.length + c.brand.length)}`;
      case 4: {
        const others = homophones.get(readings(full.charAt(at))[0] ?? '') ?? [];
        return full.slice(0, at) + (pick(others) ?? full.charAt(at)) + full.slice(at + 1);
      }
      case 5:
        return c.brand.length > 2 ? full.slice(0, at) + full.slice(at + 1) : full;
      case 6:
        return [...full].map((x) => TRADITIONAL[x] ?? x).join('');
      case 7:
        return full.replace(c.form, c.form === '有限公司' ? '有限责任公司' : '有限公司');
      default:
        return chance(0.5) ? full + pick(NOTES) : `KH${1000 + int(9000)} ${full}`;
    }
  };

  let entity = 0;
  let made = 0;
  const waiting: Made[] = [];
  const put = (c: Company): void => {
    waiting.push({ row: write(c, nameOf(c), false), entity: c.entity });
    // 15 % of rows are duplicates: about 0.1765 per original.
    if (chance(0.115))
      for (let n = 1 + (chance(0.35) ? 1 + int(2) : 0); n > 0; n--)
        waiting.push({ row: write(c, spoiledName(c), true), entity: c.entity });
  };
  while (made < rows) {
    while (waiting.length < 5000) {
      const c = company(entity++);
      put(c);
      const host = (c.contacts[0]?.email ?? '').split('@')[1] ?? '';
      if (chance(0.02)) {
        const group = company(entity++, { brand: c.brand, place: c.place, trade: c.trade, group: true });
        put(group);
        put(
          company(entity++, {
            brand: c.brand,
            place: c.place,
            trade: pick(TRADES.filter((t) => t !== c.trade)),
            phone: group.phone,
            address: group.address,
            contacts: [person(host), person(host)],
          }),
        );
      }
      if (chance(0.02))
        for (const city of [pick(cities), pick(cities)])
          put(
            company(entity++, {
              brand: c.brand,
              place: c.place,
              trade: c.trade,
              form: c.form,
              branch: city,
              contacts: [person(host), person(host)],
            }),
          );
      if (chance(0.01))
        put(company(entity++, { brand: c.brand, trade: c.trade, place: pick(cities.filter((x) => x !== c.place)) }));
      if (chance(0.01)) put(company(entity++, { phone: c.phone, address: c.address, place: c.place }));
      if (chance(0.01)) put(company(entity++, { contacts: c.contacts }));
    }
    const at = int(waiting.length);
    const chosen = waiting[at];
    const last = waiting.pop();
    if (chosen === undefined || last === undefined) return;
    if (at < waiting.length) waiting[at] = last;
    made++;
    yield chosen;
  }
}
