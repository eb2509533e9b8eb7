import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../../contract/errors.ts';
import { databaseError } from '../postgres/connect.ts';
import { InputError } from './input.ts';
import { languageOf } from './language.ts';

/** Every error leaves as RFC 9457 problem details in the reader's language; what is unexpected is logged, never shown. */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const known = toAppError(error, request);
    if (!known)
      request.log.error({ err: error, url: request.routeOptions.url, requestId: request.id }, 'unexpected error');
    else if (known.status >= 500)
      request.log.warn({ err: error, url: request.routeOptions.url, requestId: request.id }, known.code);
    return sendProblem(reply, request, known ?? new AppError('internal', { requestId: request.id }));
  });
}

export function sendProblem(reply: FastifyReply, request: FastifyRequest, error: AppError): FastifyReply {
  const lang = languageOf(request.query, request.headers['accept-language']);
  const wait = error.params.seconds ?? (error.status === 503 ? 3 : undefined);
  if (wait !== undefined) reply.header('retry-after', String(wait));
  const challenge = bearerChallenge(error.code, request.headers.authorization !== undefined);
  if (challenge) reply.header('www-authenticate', challenge);
  return reply
    .code(error.status)
    .header('content-language', lang === 'zh' ? 'zh-CN' : 'en')
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(error.toProblem(lang, request.id));
}

/** What programs are told with a refusal: RFC 6750 §3. */
function bearerChallenge(code: string, shown: boolean): string | undefined {
  if (code === 'not-signed-in') return shown ? 'Bearer error="invalid_token"' : 'Bearer';
  return code === 'scope-missing' ? 'Bearer error="insufficient_scope"' : undefined;
}

function toAppError(error: FastifyError, request: FastifyRequest): AppError | undefined {
  if (error instanceof AppError) return error;
  if (error instanceof InputError)
    return error.toAppError(languageOf(request.query, request.headers['accept-language']));
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new AppError('too-large', { limit: megabytes(request.routeOptions.bodyLimit) }, { cause: error });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new AppError('unsupported-type', { type: request.headers['content-type'] ?? '' }, { cause: error });
    case 'FST_ERR_NOT_FOUND':
      return new AppError('not-found', {}, { cause: error });
  }
  const ours = databaseError(error);
  if (ours) return ours;
  const status = error.statusCode ?? 500;
  return status >= 400 && status < 500
    ? new AppError('bad-request', { detail: error.message }, { cause: error })
    : undefined;
}

const megabytes = (bytes: number | undefined) => `${Math.round(((bytes ?? 0) / 1024 ** 2) * 10) / 10} MB`;
