import { fill, type Lang } from '../../../domain/issue.ts';
import { escapeHtml } from './page/html.ts';

/** What the placeholders of a letter become. */
export interface LetterFacts {
  name: string;
  company: string;
  sender: string;
  days: number;
  url: string;
}

export interface Letter {
  subject: string;
  text: string;
  html: string;
}

const BUTTON = { zh: '打开并确认', en: 'Open and confirm' };

/**
 * Fills a letter. Both forms say the same; the link stands where `{link}` stands, or at the end. What people wrote is text, never markup:
 * a customer named <b> is called so.
 */
export function writeLetter(template: { subject: string; body: string }, facts: LetterFacts, lang: Lang): Letter {
  const { url, ...words } = facts;
  const body = template.body.includes('{link}') ? template.body : `${template.body}\n\n{link}`;
  const params = { ...words, link: url };
  // A line break in a header would begin another header.
  const subject = fill(template.subject, words).replaceAll(/\s+/g, ' ').trim();
  const paragraphs = body.split(/\n{2,}/).map((paragraph) => {
    if (paragraph.trim() === '{link}') return button(url, lang);
    const [before = '', ...after] = paragraph.split('{link}');
    const text = (part: string) => escapeHtml(fill(part, words)).replaceAll('\n', '<br>');
    return `<p style="margin:0 0 16px">${[before, ...after].map(text).join(`<a href="${escapeHtml(url)}">${escapeHtml(url)}</a>`)}</p>`;
  });
  return { subject, text: `${fill(body, params)}\n`, html: letterFrame(paragraphs.join('\n'), lang) };
}

function button(url: string, lang: Lang): string {
  return `<p style="margin:24px 0"><a href="${escapeHtml(url)}" style="display:inline-block;padding:12px 24px;border-radius:8px;background:#1a6b3c;color:#ffffff;text-decoration:none;font-weight:600">${BUTTON[lang]}</a></p>
<p style="margin:0 0 16px;font-size:13px;color:#5b6470;word-break:break-all">${escapeHtml(url)}</p>`;
}

/** The page around a letter; `content` is markup. */
export function letterFrame(content: string, lang: Lang): string {
  return `<!doctype html><html lang="${lang === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>
<body style="margin:0;padding:24px;background:#f5f7f6;color:#1c2320;font:16px/1.6 -apple-system,'PingFang SC','Microsoft YaHei',sans-serif">
<div style="max-width:560px;margin:0 auto;padding:24px;background:#ffffff;border-radius:12px">
${content}
</div></body></html>`;
}
