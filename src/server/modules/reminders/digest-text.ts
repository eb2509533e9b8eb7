import type { Lang } from '../../../domain/issue.ts';
import { noticeWords } from './notice-words.ts';

/** What a digest says. */
export interface DigestFacts {
  week: boolean;
  name: string;
  firm: string;
  due: number;
  overdue: number;
  /** Best value first. */
  top: { title: string; fields: string[]; id: string; object: string }[];
  /** Sentences told since the last digest: ladder, answers. */
  news: string[];
  upcoming: { title: string; days: number; at: string }[];
  url: string | undefined;
}

const WORDS = {
  hello: { zh: '{name}，您好：', en: 'Hello {name},' },
  top: { zh: '先从这几位开始：', en: 'Begin with these:' },
  news: { zh: '最近：', en: 'News:' },
  upcoming: { zh: '接下来几天该联系：', en: 'To be called in the next days:' },
  line: { zh: '{title}（{at} 满 {days} 天未跟进）', en: '{title} ({at}: {days} days without follow-up)' },
  open: { zh: '打开今日列表', en: "Open today's list" },
  off: {
    zh: '不想收到？在“设置 → 通知”里可以改为每周或关闭。',
    en: "Don't want this? Make it weekly or switch it off under Settings → Notifications.",
  },
} as const;

const say = (key: keyof typeof WORDS, lang: Lang, params: Record<string, string | number> = {}) =>
  WORDS[key][lang].replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));

export function digestSubject(facts: DigestFacts, lang: Lang): string {
  return noticeWords(facts.week ? 'digest-week' : 'digest', { due: facts.due, overdue: facts.overdue }, lang);
}

/** The digest as lines; mail makes paragraphs and list items of them. */
export function digestMail(facts: DigestFacts, lang: Lang): { subject: string; text: string; html: string } {
  const subject = digestSubject(facts, lang);
  const blocks: { head: string; items: string[] }[] = [
    {
      head: say('top', lang),
      items: facts.top.map(({ title, fields }) => `${title}: ${fields.join(lang === 'zh' ? '、' : ', ')}`),
    },
    { head: say('news', lang), items: facts.news },
    {
      head: say('upcoming', lang),
      items: facts.upcoming.map((one) => say('line', lang, { ...one, at: one.at.slice(0, 10) })),
    },
  ].filter(({ items }) => items.length > 0);
  const today = facts.url === undefined ? undefined : `${facts.url}/today`;
  const text = [
    say('hello', lang, { name: facts.name }),
    `${subject}${lang === 'zh' ? '。' : '.'}`,
    ...blocks.map(({ head, items }) => [head, ...items.map((item) => `· ${item}`)].join('\n')),
    ...(today === undefined ? [] : [`${say('open', lang)}: ${today}`]),
    facts.firm,
    say('off', lang),
  ].join('\n\n');
  const paragraphs = [
    `<p>${escapeHtml(say('hello', lang, { name: facts.name }))}</p>`,
    `<p><strong>${escapeHtml(subject)}</strong></p>`,
    ...blocks.map(
      ({ head, items }) =>
        `<p>${escapeHtml(head)}</p><ul>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`,
    ),
    ...(today === undefined ? [] : [`<p><a href="${escapeHtml(today)}">${say('open', lang)}</a></p>`]),
    `<p style="color:#5b6470;font-size:13px">${escapeHtml(facts.firm)}<br>${say('off', lang)}</p>`,
  ];
  const html = `<!doctype html><html lang="${lang === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"></head><body style="font:15px/1.6 -apple-system,'PingFang SC','Microsoft YaHei',sans-serif;color:#1c2320">${paragraphs.join('\n')}</body></html>`;
  return { subject, text: `${text}\n`, html };
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string): string => text.replaceAll(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
