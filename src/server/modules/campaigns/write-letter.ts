import { type Block, fillPlaces, type Inline, linksOf, parseLetter } from '../../../domain/campaigns/index.ts';
import type { Lang } from '../../../domain/issue.ts';
import { escapeHtml, letterFrame } from '../asking/index.ts';

/** What the places of a letter say of one recipient; undefined: there is no such place. */
export type Say = (name: string) => string | undefined;

export interface LetterFacts {
  say: Say;
  lang: Lang;
  /** Who writes, as the foot says it. */
  firm: string;
  /** Where one says no; null in previews. */
  stop: string | null;
  /** Where the n-th link leads in the letter: our own address, which counts and sends on; null: as it is written. */
  link: ((n: number) => string) | null;
  /** Address of the picture that tells that the letter was opened. */
  pixel: string | null;
}

export interface WrittenLetter {
  subject: string;
  text: string;
  html: string;
}

const FOOT = {
  zh: { why: '您收到此邮件，是因为您是{firm}的客户或联系人。', stop: '不想再收到此类邮件？点此退订', plain: '退订：' },
  en: {
    why: 'You get this letter because you are a customer or contact of {firm}.',
    stop: 'No more letters like this: unsubscribe',
    plain: 'Unsubscribe: ',
  },
};

/** A letter in both forms. The plain one has the addresses as written: only who follows links of the other one is counted. */
export function writeLetter(letter: { subject: string; text: string }, facts: LetterFacts): WrittenLetter {
  const { say, lang, firm, stop } = facts;
  const blocks = parseLetter(letter.text);
  const links = linksOf(blocks);
  const words = FOOT[lang];
  const why = words.why.replace('{firm}', firm || '…');
  const address = (link: string) => (facts.link ? facts.link(links.indexOf(link)) : link);
  const fill = (text: string) => escapeHtml(fillPlaces(text, say));
  const inline = (parts: readonly Inline[]) =>
    parts
      .map((part) => {
        if ('link' in part)
          return `<a href="${escapeHtml(address(part.link))}" style="color:#1a6b3c">${fill(part.text)}</a>`;
        return 'strong' in part ? `<strong>${fill(part.strong)}</strong>` : fill(part.text);
      })
      .join('');
  const body = blocks.map((block) => blockHtml(block, inline, fill, address)).join('\n');
  const foot = `<p style="margin:32px 0 0;padding-top:16px;border-top:1px solid #dfe5e1;font-size:13px;color:#5b6470">${escapeHtml(why)}${
    stop === null ? '' : `<br><a href="${escapeHtml(stop)}" style="color:#5b6470">${words.stop}</a>`
  }</p>`;
  const pixel = facts.pixel
    ? `<img src="${escapeHtml(facts.pixel)}" width="1" height="1" alt="" style="display:block">`
    : '';
  return {
    // A line break in a header would begin another header.
    subject: fillPlaces(letter.subject, say).replaceAll(/\s+/g, ' ').trim(),
    text: `${blocks.map((block) => blockText(block, say)).join('\n\n')}\n\n--\n${why}${stop === null ? '' : `\n${words.plain}${stop}`}\n`,
    html: letterFrame(`${body}\n${foot}${pixel}`, lang),
  };
}

/** A text message: the words, and where one says no. */
export function writeText(
  letter: { text: string },
  { say, lang, stop }: Pick<LetterFacts, 'say' | 'lang' | 'stop'>,
): string {
  const text = fillPlaces(letter.text, say).trim();
  return stop === null ? text : `${text} ${FOOT[lang].plain}${stop}`;
}

function blockHtml(
  block: Block,
  inline: (parts: readonly Inline[]) => string,
  fill: (text: string) => string,
  address: (link: string) => string,
): string {
  switch (block.is) {
    case 'heading':
      return `<h2 style="margin:0 0 12px;font-size:20px;line-height:1.4">${inline(block.line)}</h2>`;
    case 'list':
      return `<ul style="margin:0 0 16px;padding-left:22px">${block.items.map((item) => `<li>${inline(item)}</li>`).join('')}</ul>`;
    case 'button':
      return `<p style="margin:24px 0"><a href="${escapeHtml(address(block.link))}" style="display:inline-block;padding:12px 24px;border-radius:8px;background:#1a6b3c;color:#ffffff;text-decoration:none;font-weight:600">${fill(block.text)}</a></p>`;
    case 'paragraph':
      return `<p style="margin:0 0 16px">${block.lines.map(inline).join('<br>')}</p>`;
  }
}

function blockText(block: Block, say: Say): string {
  const fill = (text: string) => fillPlaces(text, say);
  const line = (parts: readonly Inline[]) =>
    parts
      .map((part) => {
        if (!('link' in part)) return fill('strong' in part ? part.strong : part.text);
        return part.text === part.link ? part.link : `${fill(part.text)} (${part.link})`;
      })
      .join('');
  switch (block.is) {
    case 'heading':
      return line(block.line);
    case 'list':
      return block.items.map((item) => `- ${line(item)}`).join('\n');
    case 'button':
      return `${fill(block.text)}: ${block.link}`;
    case 'paragraph':
      return block.lines.map(line).join('\n');
  }
}
