import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { Lang } from '../../../../domain/issue.ts';
import { html } from './html.ts';

/** A page of one sentence, and at most one button that posts to where the page is. */
export interface PlainPage {
  title: string;
  text: string;
  action?: string;
}

const STYLE =
  ':root{color-scheme:light dark}body{margin:0 auto;max-width:520px;padding:32px 16px;font:17px/1.6 -apple-system,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}button{min-height:52px;padding:10px 20px;border:1px solid #17663a;border-radius:12px;background:#17663a;color:#fff;font:inherit;font-weight:600}';
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** Sends it to somebody who is not signed in: no script, no trace in search engines, nothing kept. */
export function sendPlainPage(
  reply: FastifyReply,
  lang: Lang,
  { title, text, action }: PlainPage,
  status: 200 | 404,
): FastifyReply {
  const form = action !== undefined && html`<form method="post"><button type="submit">${action}</button></form>`;
  const page = html`<!doctype html><html lang="${lang === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>`;
  const body = html`<main><h1>${title}</h1><p>${text}</p>${form}</main></body></html>`;
  return reply
    .code(status)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('content-security-policy', POLICY)
    .header('referrer-policy', 'same-origin')
    .header('x-robots-tag', 'noindex, nofollow')
    .send(`${page.text}${STYLE}</style></head><body>${body.text}`);
}
