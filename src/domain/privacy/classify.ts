import { luhn } from '../fields/bankaccount.ts';
import { idCheck } from '../fields/idcard.ts';
import type { FieldDef, Sensitivity } from '../schema/types.ts';

export type ContentKind =
  | 'idcard'
  | 'bankcard'
  | 'mobile'
  | 'mail'
  | 'name'
  | 'address'
  | 'birthday'
  | 'health'
  | 'wechat';

export interface Suggestion {
  kind: ContentKind;
  sensitivity: Extract<Sensitivity, 'personal' | 'sensitive'>;
  /** 0..1 of the values that are not empty. */
  share: number;
}

/** GB/T 35273-2020 annex B: identity, accounts and health are sensitive. */
const SENSITIVITY: Record<ContentKind, Suggestion['sensitivity']> = {
  idcard: 'sensitive',
  bankcard: 'sensitive',
  health: 'sensitive',
  birthday: 'personal',
  mobile: 'personal',
  mail: 'personal',
  name: 'personal',
  address: 'personal',
  wechat: 'personal',
};

const plain = (text: string): string => text.replace(/[\s-]/g, '');

function isIdcard(text: string): boolean {
  const digits = plain(text).toUpperCase();
  if (!/^\d{17}[\dX]$/.test(digits)) return false;
  const [month, day] = [Number(digits.slice(10, 12)), Number(digits.slice(12, 14))];
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 && idCheck(digits.slice(0, 17)) === digits[17];
}

function isBankcard(text: string): boolean {
  const digits = plain(text);
  return /^(?:62\d{14,17}|4\d{15}|5[1-5]\d{14}|3[47]\d{13})$/.test(digits) && luhn(digits);
}

/** 百家姓 by the Ministry of Public Security's count: the 100 commonest are 85 % of people; some compound ones. */
const SURNAMES =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤';
const COMPOUND = /^(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|令狐|慕容|司徒|夏侯)\p{Script=Han}{1,2}$/u;

function isName(text: string): boolean {
  const name = text.trim();
  if (COMPOUND.test(name)) return true;
  return /^\p{Script=Han}{2,3}$/u.test(name) && SURNAMES.includes(name[0] ?? ' ');
}

const KINDS: readonly [ContentKind, (text: string) => boolean, least: number][] = [
  ['idcard', isIdcard, 0.02],
  ['bankcard', isBankcard, 0.05],
  ['mobile', (text) => /^(?:\+?86)?1[3-9]\d{9}$/.test(plain(text)), 0.2],
  ['mail', (text) => /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i.test(text.trim()), 0.2],
  [
    'address',
    (text) => /(?:[省市区县镇乡].*(?:路|街|道|巷|弄|村|号|室|栋|幢|楼|单元))|(?:[路街巷弄].*\d+号)/u.test(text),
    0.3,
  ],
  ['name', isName, 0.5],
];

/** Words that say what a column is where its content can't: 血型, 既往病史. */
const HEALTH =
  /病史|疾病|健康状况|血型|过敏|体检|残疾|怀孕|医疗记录|宗教|民族|指纹|人脸|medical|health|allerg|religion|biometric/i;
const BIRTHDAY = /生日|出生|birth/i;
const WECHAT = /微信|wechat|QQ/i;

/** Field types that say it by themselves. */
const BY_TYPE: Partial<Record<FieldDef['type'], ContentKind>> = {
  idcard: 'idcard',
  email: 'mail',
  address: 'address',
};
/** Their values are keys of the program, sums or moments. */
const NEVER = new Set<FieldDef['type']>([
  'user',
  'department',
  'relation',
  'select',
  'multiselect',
  'boolean',
  'autonumber',
  'uscc',
  'url',
  'file',
  'rating',
  'percent',
  'money',
  'tree',
]);

/**
 * What a field holds, by its content: a sample of values that are not empty. null: nothing about people, as far as can be seen. A free text is not marked for
 * a telephone number in one remark of a hundred.
 */
export function classify(field: Pick<FieldDef, 'type' | 'label'>, values: readonly string[]): Suggestion | null {
  const found = (kind: ContentKind, share: number): Suggestion => ({ kind, sensitivity: SENSITIVITY[kind], share });
  const label = `${field.label.zh} ${field.label.en}`;
  if (HEALTH.test(label)) return found('health', 1);
  if (NEVER.has(field.type)) return null;
  if (field.type === 'date' || field.type === 'datetime') return BIRTHDAY.test(label) ? found('birthday', 1) : null;
  const certain = BY_TYPE[field.type];
  if (certain && values.length > 0) return found(certain, 1);
  if (values.length === 0) return null;
  for (const [kind, is, least] of KINDS) {
    const share = values.filter(is).length / values.length;
    if (share >= least) return found(kind, share);
  }
  return WECHAT.test(label) ? found('wechat', 1) : null;
}
