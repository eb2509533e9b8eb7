import { describe, expect, it } from 'vitest';
import { AppError, errors } from './errors.ts';

const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

describe('errors', () => {
  it.each(Object.entries(errors))('%s says the same in both languages, with the same parameters', (_code, meaning) => {
    expect(names(meaning.message.zh)).toEqual(names(meaning.message.en));
    expect(meaning.message.zh).toMatch(/[一-鿿]/);
    expect(meaning.message.en).not.toMatch(/[一-鿿]/);
    expect(meaning.status).toBeGreaterThanOrEqual(400);
  });

  it('becomes problem details in the language of the reader', () => {
    const error = new AppError('password-short', { min: 8, length: 5 });
    expect(error.message).toContain('at least 8');
    expect(error.toProblem('zh', 'r-1')).toMatchObject({
      status: 422,
      code: 'password-short',
      message: '密码至少 8 个字符，现在是 5 个。',
      requestId: 'r-1',
    });
  });
});
