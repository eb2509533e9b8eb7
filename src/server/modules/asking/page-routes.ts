import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { fill, type Lang } from '../../../domain/issue.ts';
import { languageOf } from '../../platform/http/language.ts';
import { pageFile, readForms, sendPlainPage, servePageFile } from '../../platform/http/plain-page.ts';
import type { App } from '../../platform/http/server.ts';
import { root } from '../../platform/root.ts';
import { customerCtx, type Given, loadCells, pageCells, takeAnswer } from './answer.ts';
import { findRecipient, markOpened } from './ask-store.ts';
import type { AskingDeps } from './deps.ts';
import { blockedFor, countMiss } from './misses.ts';
import { confirmPage, type PageCell, wordsPage } from './page/confirm-page.ts';
import { say } from './page/page-texts.ts';
import { wantNewLink } from './renew.ts';
import { readAskingSettings } from './settings.ts';

/** Bytes of an answer; 60 fields of 2,000 Chinese characters would be more than anyone types on a phone. */
const BODY_LIMIT = 256 * 1024;

/** Nothing but our style sheet and our own form: no script, no picture, no frame around it. */
const POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/**
 * The public page at /c/TOKEN. A link that opens nothing — unknown, used, expired, revoked, cut off — gets one and the same answer by one and
 * the same way; looking at the page uses nothing up (mail scanners look too), answering does.
 */
export function askingPages(app: App, deps: AskingDeps & { workspace: string }): void {
  const { workspace } = deps;
  const style = pageFile('/c/style', 'css', readPageStyle());

  void app.register(async (scope) => {
    readForms(scope, BODY_LIMIT);
    const config = { permission: 'public' as const };

    servePageFile(scope, style);
    for (const kind of ['thanks', 'renewed'] as const)
      scope.get(`/c/${kind}`, { config }, (request, reply) =>
        sendPage(
          request,
          reply,
          200,
          wordsPage(languageOf(request.query, request.headers['accept-language']), kind, { style: style.url }),
        ),
      );

    scope.get<{ Params: { token: string } }>('/c/:token', { config }, async (request, reply) => {
      const opened = await openLink(request, reply);
      if (!opened) return reply;
      const { ctx, found, views } = opened;
      if (request.method === 'GET') await markOpened(deps.db, workspace, found.person.id, ctx.at);
      return show(request, reply, opened, 200, { cells: pageCells(deps, ctx, views) });
    });

    scope.post<{ Params: { token: string }; Body: unknown }>('/c/:token', { config }, async (request, reply) => {
      const opened = await openLink(request, reply);
      if (!opened) return reply;
      const { ctx, found, views, lang } = opened;
      const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      const given = views.map((view, i) => readGiven(form, i, view.value !== null));
      const agreed = form.get('consent') === 'yes';
      const words = await consentWords(lang);
      const result = await takeAnswer(deps, ctx, found, views, given, agreed ? { at: ctx.at, lang, words } : null);
      if (result.done)
        return reply.code(303).header('cache-control', 'no-store').header('location', `/c/thanks?lang=${lang}`).send();
      if (result.used) return nothing(request, reply);
      return show(request, reply, opened, 422, {
        cells: result.cells,
        problem: result.problem,
        agreed,
        ...(!agreed && { consentProblem: say('need-consent', lang) }),
      });
    });

    scope.post<{ Params: { token: string } }>('/c/:token/renew', { config }, async (request, reply) => {
      const { token } = request.params;
      if (await turnedAway(request, reply)) return reply;
      await countMiss(deps.db, workspace, deps.links.addressKey(request.ip), deps.now());
      // After the answer: whether there is anyone to tell must not show in how long it takes.
      reply.raw.once('finish', () => {
        wantNewLink(deps, workspace, token).catch((error: unknown) =>
          request.log.warn({ err: error, requestId: request.id }, 'new link wanted'),
        );
      });
      const lang = languageOf(request.query, request.headers['accept-language']);
      return reply.code(303).header('cache-control', 'no-store').header('location', `/c/renewed?lang=${lang}`).send();
    });
  });

  type Opened = NonNullable<Awaited<ReturnType<typeof openLink>>>;

  /** The link of a request with what it may show; answers by itself when there is nothing. */
  async function openLink(request: FastifyRequest<{ Params: { token: string } }>, reply: FastifyReply) {
    if (await turnedAway(request, reply)) return null;
    const now = deps.now();
    const link = await deps.links.find(deps.db, workspace, request.params.token);
    const works = link && (link.state === 'sent' || link.state === 'opened') && link.expires_at > now;
    const found = works ? await findRecipient(deps.db, workspace, link.recipient) : null;
    if (!found) {
      await nothing(request, reply);
      return null;
    }
    const lang = languageOf(request.query, request.headers['accept-language']);
    const ctx = customerCtx(workspace, found.person, lang, now);
    const views = await loadCells(deps, ctx, found.person);
    // Everything he was asked about is gone.
    if (views.length === 0) {
      await nothing(request, reply);
      return null;
    }
    return { found, ctx, views, lang };
  }

  async function turnedAway(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    const wait = await blockedFor(deps.db, workspace, deps.links.addressKey(request.ip), deps.now());
    if (wait === 0) return false;
    const lang = languageOf(request.query, request.headers['accept-language']);
    await sendPage(
      request,
      reply.header('retry-after', String(wait)),
      429,
      wordsPage(lang, 'blocked', { style: style.url }),
    );
    return true;
  }

  async function nothing(
    request: FastifyRequest<{ Params: { token: string } }>,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    await countMiss(deps.db, workspace, deps.links.addressKey(request.ip), deps.now());
    const lang = languageOf(request.query, request.headers['accept-language']);
    const renew = `/c/${encodeURIComponent(request.params.token)}/renew?lang=${lang}`;
    return sendPage(request, reply, 404, wordsPage(lang, 'invalid', { style: style.url, renew }));
  }

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    { ctx, found, lang }: Opened,
    status: number,
    more: { cells: PageCell[]; problem?: string | undefined; consentProblem?: string; agreed?: boolean },
  ): Promise<FastifyReply> {
    const [firm, consent, title] = await Promise.all([
      deps.firm(workspace),
      consentWords(lang),
      titleOf(deps, ctx.workspace, found.ask),
    ]);
    const page = confirmPage({ lang, firm, title, consent, style: style.url, ...more });
    return sendPage(request, reply, status, page);
  }

  async function consentWords(lang: Lang): Promise<string> {
    const settings = await readAskingSettings(deps.db, workspace);
    return fill(settings.consent[lang], { workspace: await deps.firm(workspace) });
  }
}

/** Name of the record, as on the envelope; a person's own name is masked like any other of his data. */
async function titleOf(deps: AskingDeps, workspace: string, ask: { object: string; record: string }): Promise<string> {
  const catalog = await deps.catalog.get(workspace);
  const object = catalog.objects.find((candidate) => candidate.name === ask.object);
  const field = object?.fields.find((candidate) => candidate.name === object.title);
  if (!object || !field || field.match === 'person' || field.sensitivity === 'personal') return '';
  const access = {
    admin: false,
    objects: { [object.name]: { rows: true, actions: ['read' as const], fields: { [field.name]: 'read' as const } } },
  };
  const ctx = { workspace, actor: 'system', source: 'system' as const, access, at: deps.now(), lang: 'zh' as const };
  const row = await deps.read.get(ctx, ask.object, ask.record);
  return String(row.values[object.title] ?? '');
}

function readGiven(form: URLSearchParams, index: number, hasValue: boolean): Given {
  const verdict = form.get(`v${index}`);
  const typed = form.getAll(`n${index}`).map((text) => text.slice(0, 5000));
  const mark = form.get(`s${index}`) ?? '';
  if (verdict === 'change' || (hasValue && (verdict === 'right' || verdict === 'gone')))
    return { verdict, typed, mark };
  return { verdict: form.get('send') === 'all' && hasValue ? 'right' : undefined, typed, mark };
}

const sendPage = (request: FastifyRequest, reply: FastifyReply, status: number, page: string): Promise<FastifyReply> =>
  sendPlainPage(request, reply, status, page, POLICY);

/** The look that all pages for people outside share. */
export const readPageStyle = (): string => readFileSync(join(root, 'templates', 'asking', 'page.css'), 'utf8');
