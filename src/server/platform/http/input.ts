import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import en from 'zod/v4/locales/en.js';
import zhCN from 'zod/v4/locales/zh-CN.js';
import { AppError, type WireIssue } from '../../../contract/errors.ts';
import type { Lang } from '../../../domain/issue.ts';

/** What zod found wrong in a request, before anybody asked in which language. */
export class InputError extends Error {
  readonly statusCode = 422;
  readonly issues: z.core.$ZodIssue[];
  /** `body`, `querystring`, `params` or `headers`; set by fastify. */
  validationContext?: string;

  constructor(issues: z.core.$ZodIssue[]) {
    super(issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
    this.name = 'InputError';
    this.issues = issues;
  }

  /** One issue per wrong place, with the sentence of zod's own locale. */
  toAppError(lang: Lang): AppError {
    const issues: WireIssue[] = this.issues.map((issue) => ({
      code: `input-${issue.code.replaceAll('_', '-')}`,
      field: [this.validationContext === 'body' ? undefined : this.validationContext, ...issue.path.map(String)]
        .filter((part) => part !== undefined)
        .join('.'),
      message: sentence(issue, lang),
    }));
    return new AppError('invalid-input', { count: issues.length }, { issues, cause: this });
  }
}

const locales = { zh: zhCN().localeError, en: en().localeError };

function sentence(issue: z.core.$ZodIssue, lang: Lang): string {
  const found = locales[lang](issue as z.core.$ZodRawIssue);
  return (typeof found === 'string' ? found : found?.message) ?? issue.message;
}

/** Parses requests; what handlers get is the parsed value. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema }) => {
  // locales need the input of an issue ("received undefined"), which zod leaves out by default.
  return (data: unknown) => {
    try {
      const parsed = schema.safeParse(data, { reportInput: true });
      return parsed.success ? { value: parsed.data } : { error: new InputError(parsed.error.issues) };
    } catch (error) {
      // Lists in lists in lists: the stack ended before the input did.
      if (error instanceof RangeError) return { error: new AppError('bad-request', { detail: 'nested too deeply' }) };
      throw error;
    }
  };
};
