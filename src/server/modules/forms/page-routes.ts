import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { shownQuestions } from '../../../domain/forms/index.ts';
import type { Lang } from '../../../domain/issue.ts';
import { languageOf } from '../../platform/http/language.ts';
import { networkOf } from '../../platform/http/network-of.ts';
import { readForms, sendPlainPage, servePageFile } from '../../platform/http/plain-page.ts';
import type { App } from '../../platform/http/server.ts';
import type { Challenges } from './challenge.ts';
import type { FormDeps } from './deps.ts';
import { createFormShelf, type OpenForm, type StoredForm } from './form-store.ts';
import type { createJunkCount, JunkKind } from './junk.ts';
import type { FormLimits } from './limits.ts';
import { formPage, thanksPage, wordsPage } from './page/form-page.ts';
import { formFiles } from './page/page-script.ts';
import { say } from './page/page-texts.ts';
import { type Answers, type Asked, askedOf, readAnswers } from './read-answers.ts';
import { insertSubmission, type Submission } from './submission-store.ts';

/** Bytes of what is sent; 60 fields of 500 Chinese characters. */
const BODY_LIMIT = 256 * 1024;
/** Seconds that a person needs at least to fill in a form; who had to look at something again needs none. */
const LEAST_S = 2;
const LONGEST = 5_000;
const MOST_VALUES = 100;

export interface FormPageDeps extends Pick<FormDeps, 'db' | 'catalog' | 'env' | 'now' | 'log'> {
  workspace: string;
  challenges: Challenges;
  limits: FormLimits;
  junk: Pick<ReturnType<typeof createJunkCount>, 'add'>;
  /** Name of the firm, as customers know it. */
  firm: (workspace: string) => Promise<string>;
  /** Something came in. */
  received: () => void;
}

/** The policy of a form's pages: our script, our style sheet, our own form, and frames only on the sites that it names. */
const policyOf = (sites: readonly string[]): string =>
  `default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors ${sites.length > 0 ? sites.join(' ') : "'none'"}`;

/** Public forms at /f/KEY. */
export function formPages(app: App, deps: FormPageDeps): void {
  const { workspace } = deps;
  const files = formFiles();
  const shelf = createFormShelf(deps.db, workspace);
  const blank = keepPages();
  const firms = keptFor(10_000, () => deps.firm(workspace));

  void app.register(async (scope) => {
    readForms(scope, BODY_LIMIT);
    const config = { permission: 'public' as const };
    servePageFile(scope, files.style);
    servePageFile(scope, files.script);

    scope.get<{ Params: { key: string } }>('/f/:key', { config }, async (request, reply) => {
      const visit = await visitOf(request, reply);
      if (!visit) return reply;
      return show(visit, 200, {});
    });

    scope.get<{ Params: { key: string } }>('/f/:key/done', { config }, async (request, reply) => {
      const lang = languageOf(request.query, request.headers['accept-language']);
      const found = await shelf.find(request.params.key);
      if (!found || found.form.state === 'draft') return unknown(request, reply, lang);
      const { form } = found;
      const page = thanksPage(lang, form.design.thanks[lang], {
        firm: await firms(),
        style: files.style.url,
        again: takes(form, deps.now()) ? `/f/${form.key}?lang=${lang}` : null,
      });
      return send(request, reply, 200, page, form.design.sites);
    });

    scope.post<{ Params: { key: string }; Body: unknown }>('/f/:key', { config }, async (request, reply) => {
      const visit = await visitOf(request, reply);
      if (!visit) return reply;
      const sent = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      return take(visit, sent);
    });
  });

  interface Visit extends OpenForm {
    request: FastifyRequest;
    reply: FastifyReply;
    lang: Lang;
    asked: Asked[];
    address: string;
  }

  /** The form of an address, or an answer by itself when it takes nothing. */
  async function visitOf(
    request: FastifyRequest<{ Params: { key: string } }>,
    reply: FastifyReply,
  ): Promise<Visit | null> {
    const lang = languageOf(request.query, request.headers['accept-language']);
    const found = await shelf.find(request.params.key);
    if (!found || found.form.state === 'draft') {
      await unknown(request, reply, lang);
      return null;
    }
    const { form } = found;
    if (!takes(form, deps.now())) {
      const kind = form.state === 'open' && isFull(form) ? 'full' : 'closed';
      await send(
        request,
        reply,
        410,
        wordsPage(lang, kind, { firm: await firms(), style: files.style.url }),
        form.design.sites,
      );
      return null;
    }
    const asked = askedOf(form.design, await deps.catalog.get(workspace));
    return { ...found, request, reply, lang, asked, address: networkOf(request.ip) };
  }

  async function take(visit: Visit, sent: URLSearchParams): Promise<FastifyReply> {
    const { form, consent, lang, asked, address, reply } = visit;
    const given = readGiven(sent, asked);
    const agreed = ['consent', 'sensitive'].filter((name) => sent.get(`c-${name}`) === 'yes');
    const refuse = (kind: JunkKind, text: string, status = 422) => {
      deps.junk.add(form.id, kind);
      return show(visit, status, { given, agreed, problem: text });
    };
    const proof = deps.challenges.check(form.id, sent.get('challenge') ?? '', sent.get('solution') ?? '');
    if ('junk' in proof) return refuse(proof.junk, say(proof.junk === 'stale' ? 'stale' : 'proof', lang));
    const trapped = (sent.get('homepage') ?? '') !== '';
    const { answers, problems } = readAnswers(asked, given, deps.env({ at: deps.now() }), lang);
    if (consent && !agreed.includes('consent')) problems.set('consent', say('need-consent', lang));
    const sensitive = asked.some(({ question, field }) => field.sensitivity === 'sensitive' && question.id in answers);
    if (sensitive && !agreed.includes('sensitive')) problems.set('sensitive', say('need-sensitive', lang));
    if (problems.size > 0) return show(visit, 422, { given, agreed, problems });
    if (Object.keys(answers).length === 0) return show(visit, 422, { given, agreed, problem: say('empty', lang) });
    const wait = deps.limits.count(form.id, address, form.design);
    if (wait) {
      reply.header('retry-after', String(wait.seconds));
      return refuse(wait.kind, say(wait.kind, lang, { seconds: wait.seconds }), 429);
    }
    const consents: Submission['consents'] = consent
      ? [
          { purpose: consent.purpose, separate: false },
          ...(sensitive ? [{ purpose: consent.purpose, separate: true }] : []),
        ]
      : [];
    const outcome = await insertSubmission(deps.db, workspace, {
      ...{ form: form.id, at: deps.now(), lang, challenge: proof.once, answers, consents, most: form.design.most },
      digest: createHash('sha256').update(JSON.stringify(answers)).digest(),
      // Somebody's own help with filling in may have been too eager: it is kept for a while, where people can look at it.
      state: trapped ? 'junk' : 'received',
    });
    if (outcome === 'used') return show(visit, 422, { given, agreed, problem: say('again', lang) });
    if (outcome === 'full')
      return send(
        visit.request,
        reply,
        410,
        wordsPage(lang, 'full', { firm: await firms(), style: files.style.url }),
        form.design.sites,
      );
    if (outcome === 'taken' && trapped) deps.junk.add(form.id, 'trap');
    else if (outcome === 'taken') deps.received();
    return reply
      .code(303)
      .header('cache-control', 'no-store')
      .header('location', `/f/${form.key}/done?lang=${lang}`)
      .send();
  }

  async function show(
    { form, consent, request, reply, lang, asked, address }: Visit,
    status: number,
    more: { given?: Answers; agreed?: string[]; problems?: Map<string, string>; problem?: string },
  ): Promise<FastifyReply> {
    const { given = {}, agreed = [], problems = new Map(), problem } = more;
    const bits = deps.limits.bits(form.id, address, form.design);
    const challenge = deps.challenges.issue(form.id, bits, status === 200 ? LEAST_S : 0);
    const firm = await firms();
    const make = () =>
      formPage({
        ...{ lang, firm, design: form.design, asked, answers: given, agreed, problems, problem },
        shown: shownQuestions(
          asked.map(({ question }) => question),
          given,
        ),
        consent: consent?.words ?? null,
        challenge: PLACE,
        style: files.style.url,
        script: files.script.url,
      });
    const { version } = await deps.catalog.get(workspace);
    const key = JSON.stringify([form.id, form.version, version, lang, firm, consent?.words]);
    const page = status === 200 ? blank(key, make) : make();
    // The challenge comes last of all that a page says of itself, behind whatever was typed.
    const at = page.lastIndexOf(PLACE);
    const whole = page.slice(0, at) + challenge + page.slice(at + PLACE.length);
    return send(request, reply, status, whole, form.design.sites);
  }

  async function unknown(request: FastifyRequest, reply: FastifyReply, lang: Lang): Promise<FastifyReply> {
    return send(request, reply, 404, wordsPage(lang, 'unknown', { firm: '', style: files.style.url }), []);
  }
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  page: string,
  sites: readonly string[],
): Promise<FastifyReply> {
  // Older than frame-ancestors, and knows no list of sites.
  if (sites.length > 0) reply.removeHeader('x-frame-options');
  return sendPlainPage(request, reply, status, page, policyOf(sites));
}

const isFull = ({ design, taken }: StoredForm): boolean => design.most !== undefined && taken >= design.most;

/** Whether a form takes anything now. That it is full may be known a second late; the insert knows. */
const takes = (form: StoredForm, now: Date): boolean =>
  form.state === 'open' &&
  !isFull(form) &&
  (form.design.closesAt === undefined || new Date(form.design.closesAt) > now);

function readGiven(sent: URLSearchParams, asked: readonly Asked[]): Answers {
  const given: Answers = {};
  for (const { question } of asked)
    given[question.id] = sent
      .getAll(`a-${question.id}`)
      .slice(0, MOST_VALUES)
      .map((text) => text.slice(0, LONGEST));
  return given;
}

/** Stands where the challenge belongs. */
const PLACE = '%challenge%';
const MOST_PAGES = 200;

/** Pages that nobody has typed into are all alike but for the challenge: each is made once. */
function keepPages(): (key: string, make: () => string) => string {
  const pages = new Map<string, string>();
  return (key, make) => {
    const known = pages.get(key);
    if (known !== undefined) return known;
    if (pages.size >= MOST_PAGES) pages.clear();
    const page = make();
    pages.set(key, page);
    return page;
  };
}

/** Asks again after so many milliseconds at the soonest. */
function keptFor<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let known: { value: Promise<T>; at: number } | null = null;
  return () => {
    const now = performance.now();
    if (!known || now - known.at > ms) {
      known = { value: ask(), at: now };
      known.value.catch(() => {
        known = null;
      });
    }
    return known.value;
  };
}
