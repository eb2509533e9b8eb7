import type { Problem } from '../../contract/errors.ts';
import type { Issue } from '../../domain/issue.ts';
import { text } from '../i18n/core.ts';

/** An issue as the server sends it: with its sentence in the reader's language. */
export type SpokenIssue = Issue & { message?: string };

/** A call that failed. `message` is the sentence to show as it is. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly issues: SpokenIssue[];
  readonly requestId: string | undefined;

  constructor(problem: Partial<Omit<Problem, 'code'>> & { code: string; status: number }) {
    super(
      problem.message ?? (problem.code === 'network' ? text('offline') : text('failed', { status: problem.status })),
    );
    this.name = 'ApiError';
    this.code = problem.code;
    this.status = problem.status;
    this.issues = problem.issues ?? [];
    this.requestId = problem.requestId;
  }
}

/** Reads application/problem+json (RFC 9457); a proxy's HTML page becomes a plain sentence. */
export async function toApiError(response: Response): Promise<ApiError> {
  try {
    const problem = (await response.json()) as Problem;
    if (typeof problem.code === 'string') return new ApiError({ ...problem, status: response.status });
  } catch {
    // Not ours: fall through to the general sentence.
  }
  return new ApiError({ code: 'failed', status: response.status });
}

/** What is wrong, where one thing is named; else the sentence of the whole. For beside what was typed, where it is plain that something is. */
export const reasonOf = (error: unknown): string =>
  (error instanceof ApiError ? error.issues[0]?.message : undefined) ?? sentence(error);

/** The sentence of anything thrown, for toasts. */
export function sentence(error: unknown): string {
  if (error instanceof ApiError) {
    const first = error.issues[0]?.message;
    return first ? `${error.message} ${first}` : error.message;
  }
  return text('failed-plainly');
}
