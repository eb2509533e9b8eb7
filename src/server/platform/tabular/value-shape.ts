import type { Cell } from './cell.ts';

/** What a cell looks like, coarsely: enough to tell a label from a value. */
export type ValueKind =
  | 'empty'
  | 'text'
  | 'number'
  | 'year'
  | 'date'
  | 'time'
  | 'money'
  | 'phone'
  | 'email'
  | 'url'
  | 'code'
  | 'boolean';

const NUMBER = /^[-+(]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][-+]?\d+)?%?\)?$/;
const DATE =
  /^(?:\d{4}[-/.年]\d{1,2}(?:[-/.月]\d{1,2}日?)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}[- ](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[- ]\d{2,4})(?:[ T]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?$/i;
const TIME = /^\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[ap]m)?$/i;
const MONEY = /^[-+]?[¥¥$€£]\s?[\d,]+(?:\.\d+)?(?:万|元|亿)?$|^[\d,]+(?:\.\d+)?(?:元|万元|万|亿)$/;
const PHONE = /^(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}$|^\(?0\d{2,3}\)?[- ]?\d{7,8}(?:[-转]\d{1,5})?$/;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const URL = /^(?:https?:\/\/|www\.)\S+$/i;
/** Digits and letters mixed, no spaces: an identifier. */
const CODE = /^(?=[^\s]*\d)[A-Za-z0-9][A-Za-z0-9\-_/.:#]{3,}$/;

export function kindOf(cell: Cell | undefined): ValueKind {
  if (cell === undefined || cell === '') return 'empty';
  if (typeof cell === 'number') return Number.isInteger(cell) && cell >= 1900 && cell <= 2100 ? 'year' : 'number';
  if (typeof cell === 'boolean') return 'boolean';
  if (typeof cell === 'object') return cell.kind === 'date' ? 'date' : 'text';
  const text =
    cell.length > 100 ? '' : cell.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
  if (text === '') return 'text';
  if (/^(?:19|20)\d{2}$/.test(text)) return 'year';
  if (PHONE.test(text)) return 'phone';
  if (/\d/.test(text)) {
    if (NUMBER.test(text)) return 'number';
    if (DATE.test(text)) return 'date';
    if (TIME.test(text)) return 'time';
    if (MONEY.test(text)) return 'money';
  }
  if (EMAIL.test(text)) return 'email';
  if (URL.test(text)) return 'url';
  if (CODE.test(text)) return 'code';
  return 'text';
}

/** Kinds that a column name practically never is. */
export const isValueKind = (kind: ValueKind): boolean =>
  kind !== 'text' && kind !== 'empty' && kind !== 'code' && kind !== 'year';

/**
 * The pattern of a value with runs collapsed: `28/01/2018` → `9/9/9`, `MG-8769` → `A-9`, `深圳市` → `汉`. Longer texts become `…`
 * (with or without Han), so that sentences are alike and codes are not.
 */
export function shapeOf(text: string): string {
  if (text === '') return '';
  if (text.length > 40 && !/^https?:/.test(text)) return /[\u4e00-\u9fff]/.test(text) ? '汉…' : '…';
  const shape = text
    .slice(0, 80)
    .replace(/[\u3400-\u9fff\uf900-\ufaff]+/g, '汉')
    .replace(/[A-Za-z]+/g, 'A')
    .replace(/\d+/g, '9');
  if (/^https?:|^A:\/\//.test(shape)) return 'A://';
  const words = shape.split(/\s+/).length;
  return words > 2 || shape.length > 14 ? (shape.includes('汉') ? '汉…' : '…') : shape;
}
