import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Lang } from '../../../domain/issue.ts';
import { languageOf } from '../../platform/http/language.ts';
import type { App } from '../../platform/http/server.ts';
import { sendPlainPage } from '../asking/index.ts';
import type { GreetingDeps } from './deps.ts';
import { stopGreeting } from './greeting-store.ts';

const PURPOSE = 'no more greetings';

/** Where a person says that he wants no greetings: signed, without a term, and good for nothing else. */
export function stopUrl({ links }: Pick<GreetingDeps, 'links'>, origin: string, person: string, lang: Lang): string {
  return `${origin}/g/${person}/${links.mark(PURPOSE, person)}?lang=${lang}`;
}

const WORDS = {
  zh: {
    title: '不再接收问候',
    ask: '确认后，我们不会再向您发送生日和节日问候。',
    do: '不再接收',
    done: '已记录，我们不会再发送问候。',
    unknown: '链接不完整或已失效。请检查地址是否复制完整。',
  },
  en: {
    title: 'No more greetings',
    ask: 'Once you confirm, we will send you no more greetings on birthdays and holidays.',
    do: 'No more greetings',
    done: 'Noted: no more greetings from us.',
    unknown: 'This link is incomplete or unknown. Please check that the whole address was copied.',
  },
};

/** The public page at /g/PERSON/MARK: looking changes nothing (mail scanners look too), the button does. */
export function stopPages(app: App, deps: GreetingDeps & { workspace: string }): void {
  const config = { permission: 'public' as const };
  type Params = { Params: { person: string; mark: string } };
  const known = ({ person, mark }: Params['Params']): boolean =>
    z.uuid().safeParse(person).success && deps.links.sameMark(mark, deps.links.mark(PURPOSE, person));

  void app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 1024 },
      (_q, _b, done) => done(null, {}),
    );
    scope.get<Params>('/g/:person/:mark', { config }, (request, reply) => {
      const lang = languageOf(request.query, request.headers['accept-language']);
      return send(reply, lang, known(request.params) ? 'ask' : 'unknown');
    });
    scope.post<Params>('/g/:person/:mark', { config }, async (request, reply) => {
      const lang = languageOf(request.query, request.headers['accept-language']);
      if (!known(request.params)) return send(reply, lang, 'unknown');
      await stopGreeting(deps.db, deps.workspace, request.params.person, deps.now(), null);
      return send(reply, lang, 'done');
    });
  });
}

function send(reply: FastifyReply, lang: Lang, what: 'ask' | 'done' | 'unknown'): FastifyReply {
  const { title, do: action, ...words } = WORDS[lang];
  const page = { title, text: words[what], ...(what === 'ask' && { action }) };
  return sendPlainPage(reply, lang, page, what === 'unknown' ? 404 : 200);
}
