import type { useRecordText } from './texts.ts';

const KNOWN = ['page', 'import', 'api', 'cli', 'form', 'customer', 'sync', 'rule', 'system'] as const;

/** Where a change came from. */
export function sourceWords(source: string, t: ReturnType<typeof useRecordText>): string {
  const known = KNOWN.find((one) => one === source);
  return known ? t(`source-${known}`) : source;
}
