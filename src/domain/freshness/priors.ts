import type { Label } from '../issue.ts';
import type { FieldDef, FieldTypeName, Priority } from '../schema/types.ts';

/** First guess of how fast a kind of field changes, before the team's own verifications say better. */
export interface DecayPrior {
  kind: string;
  label: Label;
  /** Changes per year. */
  rate: number;
  /** Where the figure comes from. */
  source: string;
}

/** A share `lost` in a year as a rate: −ln(1 − lost) per year. */
export function rateFromYearlyLoss(lost: number): number {
  return -Math.log1p(-lost);
}

const B2B = '22 % of B2B contact data goes out of date in a year (product brief); −ln(0.78)';
const LISTED = 'yearly reports of listed Chinese companies, share changed from one year to the next';
const JOB = '20–30 % of job-bound personal data changes in a year; middle taken';
const GUESS = 'estimate, no published figure; learning replaces it';

const prior = (kind: string, zh: string, en: string, yearlyLoss: number, source: string): DecayPrior => ({
  kind,
  label: { zh, en },
  rate: rateFromYearlyLoss(yearlyLoss),
  source,
});

/** By kind of information. Listed-company figures are for head offices; people's data is bound to their job. */
export const DECAY_PRIORS: readonly DecayPrior[] = [
  prior('contact', '联系方式', 'contact data', 0.22, B2B),
  prior('job', '职务与部门', 'job title and department', 0.25, JOB),
  prior('legal-representative', '法定代表人', 'legal representative', 0.16, LISTED),
  prior('office-address', '办公地址', 'office address', 0.11, LISTED),
  prior('registered-address', '注册地址', 'registered address', 0.08, LISTED),
  prior('company-email', '公司邮箱', 'company e-mail', 0.05, LISTED),
  prior('website', '网站', 'web site', 0.035, LISTED),
  prior('name', '名称', 'name', 0.02, GUESS),
  prior('identity', '证照号码', 'identity number', 0.005, GUESS),
  prior('bank', '银行账户', 'bank account', 0.08, GUESS),
  prior('profile', '企业概况', 'company profile', 0.12, GUESS),
  prior('need', '需求与意向', 'needs and intentions', 0.75, GUESS),
  prior('stage', '阶段与状态', 'stage and status', 0.6, GUESS),
  prior('other', '其他', 'other', 0.15, GUESS),
];

const BY_KIND = new Map(DECAY_PRIORS.map((row) => [row.kind, row]));
const OTHER: DecayPrior = BY_KIND.get('other') ?? prior('other', '其他', 'other', 0.15, GUESS);

/** Prior by kind name; `other` when unknown. */
export function decayPrior(kind: string): DecayPrior {
  return BY_KIND.get(kind) ?? OTHER;
}

const KIND_OF_TYPE: Partial<Record<FieldTypeName, string>> = {
  phone: 'contact',
  email: 'contact',
  address: 'office-address',
  geo: 'office-address',
  url: 'website',
  idcard: 'identity',
  uscc: 'identity',
  bankaccount: 'bank',
  tree: 'profile',
  money: 'profile',
  number: 'profile',
  select: 'stage',
};

/** Rate and its source for a field: its own declaration, else its type. */
export function priorOfField(field: Pick<FieldDef, 'type' | 'decay'>): { rate: number; source: string } {
  if (field.decay && field.decay.rate > 0) return field.decay;
  const row = decayPrior(KIND_OF_TYPE[field.type] ?? 'other');
  return { rate: row.rate, source: row.source };
}

/** Weight of a priority in record freshness and in the optimum (freshness-model §1). */
export const PRIORITY_WEIGHT: Readonly<Record<Priority, number>> = { high: 3, middle: 2, low: 1 };

/** Confidence below which a field wants verifying, until a policy says otherwise. */
export const PRIORITY_THRESHOLD: Readonly<Record<Priority, number>> = { high: 0.9, middle: 0.8, low: 0.7 };

/** Minutes one field takes once in contact, and minutes of making contact (dial, greet): first guesses until the call record says better. */
export const DEFAULT_FIELD_MINUTES = 0.5;
export const DEFAULT_CONTACT_MINUTES = 2;
export const DEFAULT_CONTACT_SUCCESS = 0.6;
