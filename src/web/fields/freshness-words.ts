import type { z } from 'zod';
import type { cellFreshnessSchema } from '../../contract/records.ts';
import type { Lang } from '../../domain/issue.ts';

export type CellFreshness = z.output<typeof cellFreshnessSchema>;

const DAY = 86_400_000;
const relative: Record<Lang, Intl.RelativeTimeFormat> = {
  zh: new Intl.RelativeTimeFormat('zh-CN', { numeric: 'auto' }),
  en: new Intl.RelativeTimeFormat('en', { numeric: 'auto' }),
};

/** “3 个月前”, “in 5 days”: the coarsest unit that still says something. */
export function fromNow(iso: string, lang: Lang, now = Date.now()): string {
  const days = (Date.parse(iso) - now) / DAY;
  const size = Math.abs(days);
  const format = relative[lang];
  if (size < 1 / 24) return format.format(Math.round(days * 24 * 60), 'minute');
  if (size < 1) return format.format(Math.round(days * 24), 'hour');
  if (size < 31) return format.format(Math.round(days), 'day');
  if (size < 365) return format.format(Math.round(days / 30.44), 'month');
  return format.format(Math.round(days / 365.25), 'year');
}

/** A length of time without direction: “3 个月”, “12 days”. */
export function span(days: number, lang: Lang): string {
  const [n, unit] = days >= 365 ? [days / 365.25, 'year'] : days >= 60 ? [days / 30.44, 'month'] : [days, 'day'];
  return new Intl.NumberFormat(lang === 'zh' ? 'zh-CN' : 'en', {
    style: 'unit',
    unit: unit as string,
    unitDisplay: 'long',
    maximumFractionDigits: 0,
  }).format(Math.max(1, Math.round(n as number)));
}

const METHODS: Record<string, { zh: string; en: string }> = {
  phone: { zh: '电话', en: 'by phone' },
  visit: { zh: '上门', en: 'on a visit' },
  mail: { zh: '邮件', en: 'by mail' },
  customer: { zh: '客户本人', en: 'by the customer' },
  registry: { zh: '工商登记', en: 'against the registry' },
  document: { zh: '凭文件', en: 'from a document' },
  import: { zh: '导入时', en: 'at import' },
  page: { zh: '', en: '' },
  other: { zh: '', en: '' },
};

export const VERIFY_METHODS = ['phone', 'visit', 'mail', 'customer', 'registry', 'document', 'other'] as const;
export type VerifyMethod = (typeof VERIFY_METHODS)[number];

/** How something was verified, as it reads before “核实” or after “verified”. */
export const methodWords = (method: string | null, lang: Lang): string =>
  method ? (METHODS[method]?.[lang] ?? method) : '';

const NAMES: Record<VerifyMethod, { zh: string; en: string }> = {
  phone: { zh: '电话', en: 'Phone' },
  visit: { zh: '拜访', en: 'Visit' },
  mail: { zh: '邮件', en: 'Mail' },
  customer: { zh: '客户确认', en: 'Customer' },
  registry: { zh: '工商登记', en: 'Registry' },
  document: { zh: '合同文件', en: 'Document' },
  other: { zh: '其他', en: 'Other' },
};

export const methodName = (method: VerifyMethod, lang: Lang): string => NAMES[method][lang];
