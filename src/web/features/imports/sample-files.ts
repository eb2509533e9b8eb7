import type { Lang } from '../../../domain/issue.ts';

/** Made by scripts/generate-samples.ts. */
export const sampleFile = (lang: Lang): string => `/samples/customers.${lang}.xlsx`;

/** Three hundred fictitious customers with the faults that real sheets have. */
export async function demoFile(name: string): Promise<File> {
  const response = await fetch('/samples/demo.xlsx');
  return new File([await response.blob()], name);
}
