import type { FastifyReply, FastifyRequest } from 'fastify';
import sql from 'sql-template-tag';
import { languageOf } from '../../platform/http/language.ts';
import type { App } from '../../platform/http/server.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { type PlainPage, sendPlainPage } from '../asking/index.ts';
import { addConsent } from '../consent/index.ts';
import type { LetterTokens } from './letter-tokens.ts';

export interface LetterRouteDeps {
  db: Db;
  tokens: LetterTokens;
  workspace: string;
  now: () => Date;
}

/** Programs that look at mail before people do look at once: within this time of leaving it tells nothing of a person. */
const AT_ONCE = '1 minute';
/** The smallest picture there is: one transparent point. */
const POINT = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

const WORDS: Record<'zh' | 'en', Record<'ask' | 'done' | 'unknown', PlainPage>> = {
  zh: {
    ask: { title: '退订', text: '确认后，我们不会再给您发送此类消息。', action: '退订' },
    done: { title: '退订', text: '已退订，我们不会再给您发送此类消息。' },
    unknown: { title: '退订', text: '链接不完整或已失效。请检查地址是否复制完整。' },
  },
  en: {
    ask: {
      title: 'Unsubscribe',
      text: 'Once you confirm, we will send you no more messages like this one.',
      action: 'Unsubscribe',
    },
    done: { title: 'Unsubscribe', text: 'Done: no more messages like this one from us.' },
    unknown: {
      title: 'Unsubscribe',
      text: 'This link is incomplete or unknown. Please check that the whole address was copied.',
    },
  },
};

/** What letters lead to, for people who are not signed in: the picture, the links, and the way out. Each address is signed and good for one thing. */
export function letterRoutes(app: App, deps: LetterRouteDeps): void {
  const config = { permission: 'public' as const };
  const recipients = tableOf(deps.workspace, 'campaign_recipient');
  void app.register(async (scope) => {
    // One-click (RFC 8058 §3.1) posts a form; its content says nothing that the address does not.
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data'])
      scope.addContentTypeParser(type, { parseAs: 'string', bodyLimit: 4096 }, (_q, _b, done) => done(null, {}));

    scope.get<{ Params: { file: string } }>('/m/o/:file', { config }, async (request, reply) => {
      const recipient = deps.tokens.read('open', request.params.file.replace(/\.gif$/, ''));
      if (recipient && request.method === 'GET')
        await deps.db.query(sql`update ${recipients} set opened_at = coalesce(opened_at, ${deps.now()}::timestamptz),
            opened_late = coalesce(opened_late, case when ${deps.now()}::timestamptz > queued_at + ${AT_ONCE}::interval then ${deps.now()}::timestamptz end)
          where id = ${recipient}::uuid and queued_at is not null`);
      return reply.type('image/gif').header('cache-control', 'no-store').header('x-robots-tag', 'noindex').send(POINT);
    });

    scope.get<{ Params: { n: string; token: string } }>('/m/c/:n/:token', { config }, async (request, reply) => {
      const n = /^\d{1,3}$/.test(request.params.n) ? Number(request.params.n) : -1;
      const recipient = n < 0 ? null : deps.tokens.read(`click ${n}`, request.params.token);
      const url = recipient && (await follow(deps, recipient, n, request.method === 'GET'));
      if (!url) return sendPlainPage(reply, langOf(request), WORDS[langOf(request)].unknown, 404);
      return reply
        .header('cache-control', 'no-store')
        .header('referrer-policy', 'no-referrer')
        .header('x-robots-tag', 'noindex')
        .redirect(url, 302);
    });

    type Stop = { Params: { token: string } };
    const whose = (request: FastifyRequest<Stop>) => deps.tokens.read('stop', request.params.token);
    // Looking changes nothing: programs that look at mail follow every link.
    scope.get<Stop>('/m/u/:token', { config }, (request, reply) =>
      say(request, reply, whose(request) ? 'ask' : 'unknown'),
    );
    scope.post<Stop>('/m/u/:token', { config }, async (request, reply) => {
      const recipient = whose(request);
      const known = recipient !== null && (await unsubscribe(deps, recipient));
      return say(request, reply, known ? 'done' : 'unknown');
    });
  });
}

const langOf = (request: FastifyRequest) => languageOf(request.query, request.headers['accept-language']);

function say(request: FastifyRequest, reply: FastifyReply, what: 'ask' | 'done' | 'unknown'): FastifyReply {
  const lang = langOf(request);
  return sendPlainPage(reply, lang, WORDS[lang][what], what === 'unknown' ? 404 : 200);
}

/** Where the n-th link of this letter leads; there is no other way to say where to go. */
async function follow(
  { db, workspace, now }: LetterRouteDeps,
  recipient: string,
  n: number,
  counts: boolean,
): Promise<string | null> {
  const [row] = await db.query<{ url: string }>(sql`
    select l.url from ${tableOf(workspace, 'campaign_recipient')} r
    join ${tableOf(workspace, 'campaign_link')} l on l.campaign = r.campaign and l.variant = r.variant and l.n = ${n}
    where r.id = ${recipient}::uuid and r.queued_at is not null`);
  if (!row) return null;
  if (counts)
    await db.tx(async (tx) => {
      await tx.query(sql`insert into ${tableOf(workspace, 'campaign_click')} as c (recipient, n, at) values (${recipient}::uuid, ${n}, ${now()})
        on conflict (recipient, n) do update set times = least(c.times + 1, 100000)`);
      await tx.query(sql`update ${tableOf(workspace, 'campaign_recipient')} set clicked_at = coalesce(clicked_at, ${now()}::timestamptz),
          clicked_late = coalesce(clicked_late, case when ${now()}::timestamptz > queued_at + ${AT_ONCE}::interval then ${now()}::timestamptz end)
        where id = ${recipient}::uuid`);
    });
  return row.url;
}

/** He says no to the purpose over this way, once; later letters of any campaign for it find him so. */
async function unsubscribe({ db, workspace, now }: LetterRouteDeps, recipient: string): Promise<boolean> {
  return db.tx(async (tx) => {
    const [row] = await tx.query<{
      object: string;
      person: string;
      purpose: string;
      kind: 'mail' | 'sms';
      before: Date | null;
    }>(sql`
      select r.object, r.person, c.definition->>'purpose' as purpose, c.kind, r.unsubscribed_at as before
      from ${tableOf(workspace, 'campaign_recipient')} r join ${tableOf(workspace, 'campaign')} c on c.id = r.campaign
      where r.id = ${recipient}::uuid and r.queued_at is not null for update of r`);
    if (!row) return false;
    if (row.before) return true;
    await tx.query(
      sql`update ${tableOf(workspace, 'campaign_recipient')} set unsubscribed_at = ${now()} where id = ${recipient}::uuid`,
    );
    await addConsent(tx, workspace, {
      ...{ object: row.object, person: row.person, purpose: row.purpose, channel: row.kind, separate: false },
      ...{ state: 'withdrawn', at: now(), source: 'link', note: null, by: null },
    });
    return true;
  });
}
