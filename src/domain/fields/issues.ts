import { fill, type Issue, type Label, type Lang, type Sentences } from '../issue.ts';
import { CODE_SENTENCES } from './issues-codes.ts';

/**
 * What is said of a value, the same words in page, import file and API (interface.md, principle 5): the field, what is wrong, how to put it right.
 * `{field}` is the field's label.
 */
const GENERAL: Sentences = {
  required: { zh: '{field}必须填写', en: '{field} is required' },
  unique: {
    zh: '{field}“{value}”已被另一条记录使用，请核对是否重复',
    en: '{field} "{value}" is already used by another record; check whether this is a duplicate',
  },
  readonly: { zh: '{field}由系统填写，不能修改', en: '{field} is filled by the system and cannot be changed' },
  'not-text': { zh: '{field}应为文字', en: '{field} must be text' },
  garbled: {
    zh: '{field}里有乱码（{value}），请用正确的编码重新导入或改正',
    en: '{field} contains garbled characters ({value}); import it again with the right encoding or correct it',
  },
  'excel-error': {
    zh: '{field}是 Excel 的错误值 {value}，按空白处理',
    en: '{field} holds the Excel error {value}; taken as empty',
  },
  placeholder: { zh: '{field}写的是“{value}”，按空白处理', en: '{field} says "{value}"; taken as empty' },
  'too-long': {
    zh: '{field}最多 {max} 个字，现在是 {length} 个，请缩短',
    en: '{field} may have {max} characters at most, now it has {length}; shorten it',
  },
  pattern: { zh: '{field}:{zh} ({value})', en: '{field}: {en} ({value})' },
  'below-min': { zh: '{field}不能小于 {min}，现在是 {value}', en: '{field} must be at least {min}, now it is {value}' },
  'above-max': { zh: '{field}不能大于 {max}，现在是 {value}', en: '{field} must be at most {max}, now it is {value}' },
  'before-min': {
    zh: '{field}不能早于 {min}，现在是 {value}',
    en: '{field} must not be before {min}, now it is {value}',
  },
  'after-max': {
    zh: '{field}不能晚于 {max}，现在是 {value}',
    en: '{field} must not be after {max}, now it is {value}',
  },

  'number-form': { zh: '{field}应为数字，看不懂“{value}”', en: '{field} must be a number; "{value}" cannot be read' },
  'number-inexact': {
    zh: '{field}应为一个确切的数字，“{value}”是约数或范围，请填一个数',
    en: '{field} must be one exact number; "{value}" is an estimate or a range',
  },
  'number-separators': {
    zh: '{field}的千分位逗号位置不对（{value}），请写成 1,234,567.89 或不写逗号',
    en: '{field} has misplaced separators ({value}); write 1,234,567.89 or no commas',
  },
  'number-large': {
    zh: '{field}超过 15 位整数（{value}），请核对',
    en: '{field} has more than 15 digits before the point ({value}); check it',
  },
  'number-rounded': {
    zh: '{field}只保留 {scale} 位小数，已存为 {value}',
    en: '{field} keeps {scale} decimals; stored as {value}',
  },
  'number-scientific': {
    zh: '{field}是科学计数 {value}，读作 {read}，请核对',
    en: '{field} is in scientific notation, {value}; read as {read}, please check',
  },
  'money-currency': {
    zh: '{field}的币种是 {currency}，“{value}”是别的币种，请换算后填写',
    en: '{field} is in {currency}; "{value}" is another currency, convert it first',
  },

  'boolean-form': {
    zh: '{field}应为“是”或“否”，看不懂“{value}”',
    en: '{field} must be yes or no; "{value}" cannot be read',
  },
  'select-unknown': {
    zh: '{field}没有“{value}”这个选项，可选：{options}',
    en: '{field} has no option "{value}"; choose from: {optionsEn}',
  },
  'select-retired': {
    zh: '{field}的选项“{value}”已停用，请换一个',
    en: 'Option "{value}" of {field} is retired; choose another',
  },
  'tree-missing': {
    zh: '{field}缺少参考数据“{tree}”，请联系管理员',
    en: '{field} lacks its reference data "{tree}"; ask an administrator',
  },
  'tree-unknown': {
    zh: '{field}里找不到“{value}”（或有多个同名），请写全称或代码',
    en: '{field} has no "{value}" (or more than one); write the full name or the code',
  },
  'user-unknown': { zh: '{field}“{value}”不是系统里的人员', en: '{field} "{value}" is not a person of this workspace' },
  'department-unknown': {
    zh: '{field}“{value}”不是系统里的部门',
    en: '{field} "{value}" is not a department of this workspace',
  },
  'relation-unknown': { zh: '{field}“{value}”找不到对应的记录', en: '{field} "{value}" matches no record' },
  'rating-form': {
    zh: '{field}应为 0 到 {max} 的整数，现在是“{value}”',
    en: '{field} must be a whole number from 0 to {max}, now it is "{value}"',
  },
  'geo-form': {
    zh: '{field}应写成“纬度,经度”，如 30.2741,120.1551，看不懂“{value}”',
    en: '{field} must be "latitude,longitude", such as 30.2741,120.1551; "{value}" cannot be read',
  },
  'geo-swapped': {
    zh: '{field}的经纬度写反了，已换成“纬度,经度”',
    en: '{field} had longitude first; stored as latitude,longitude',
  },
  'file-form': { zh: '{field}应为已上传的附件', en: '{field} must be uploaded files' },

  'date-form': {
    zh: '{field}应为日期，如 2024-03-05，看不懂“{value}”',
    en: '{field} must be a date such as 2024-03-05; "{value}" cannot be read',
  },
  'time-form': {
    zh: '{field}的时间看不懂（{value}），请写成 2024-03-05 14:30',
    en: 'The time of {field} cannot be read ({value}); write 2024-03-05 14:30',
  },
  'date-impossible': { zh: '{field}“{value}”不是存在的日期', en: '{field} "{value}" is not a day of the calendar' },
  'date-range': {
    zh: '{field}的年份 {year} 不合理，请核对',
    en: 'The year {year} of {field} is not plausible; check it',
  },
  'date-ambiguous': {
    zh: '{field}“{value}”有两种读法（{one} 或 {other}），请写成 2024-03-05 的形式',
    en: '{field} "{value}" can be {one} or {other}; write it like 2024-03-05',
  },
  'date-no-year': {
    zh: '{field}“{value}”缺年份，请写成 2024-03-05',
    en: '{field} "{value}" has no year; write it like 2024-03-05',
  },
  'date-no-day': {
    zh: '{field}“{value}”不是完整日期，请写到日，如 2024-03-05',
    en: '{field} "{value}" is not a whole date; write it like 2024-03-05',
  },
  'date-short-year': {
    zh: '{field}“{value}”的年份只有两位，分不清年月日，请写成 2024-03-05',
    en: '{field} "{value}" has a two-digit year, so its order is unclear; write it like 2024-03-05',
  },
  'date-two-digit-year': {
    zh: '{field}的年份只有两位，读作 {year} 年，请核对',
    en: 'The year of {field} has two digits; read as {year}, please check',
  },
  'date-serial': {
    zh: '{field}是 Excel 日期序号 {value}，读作 {day}，请核对',
    en: '{field} is the Excel date serial {value}; read as {day}, please check',
  },
  'date-time-dropped': {
    zh: '{field}只存日期，“{value}”的时间已略去，存为 {day}',
    en: '{field} keeps only the day; the time of "{value}" is dropped, stored as {day}',
  },
};

export const FIELD_SENTENCES: Sentences = { ...GENERAL, ...CODE_SENTENCES };

/** The sentence of an issue. Unknown codes show themselves, so that nothing is swallowed. */
export function sentence(issue: Issue, fieldLabel: Label | string | undefined, lang: Lang): string {
  const template = FIELD_SENTENCES[issue.code]?.[lang];
  const named = typeof fieldLabel === 'object' ? fieldLabel[lang] : fieldLabel;
  const field = named || issue.field || (lang === 'zh' ? '此项' : 'This field');
  if (!template) return `${field}: ${issue.code}`;
  return fill(template, { ...issue.params, field });
}
