import type { Lang } from '../../domain/issue.ts';
import type { FieldDef } from '../../domain/schema/types.ts';

const LOCALE = { zh: 'zh-CN', en: 'en-GB' } as const;

/** 12850000 → ¥1,285万 / ¥12.9M: three digits that count are enough in a heading. */
export function shortAmount(amount: number, field: Pick<FieldDef, 'type' | 'currency'>, lang: Lang): string {
  const money = field.type === 'money' && {
    style: 'currency' as const,
    currency: field.currency ?? 'CNY',
    currencyDisplay: 'narrowSymbol' as const,
  };
  return new Intl.NumberFormat(LOCALE[lang], {
    ...money,
    notation: Math.abs(amount) >= 10_000 ? 'compact' : 'standard',
    minimumFractionDigits: 0,
    maximumFractionDigits: Math.abs(amount) >= 10_000 ? 1 : 0,
  }).format(amount);
}
