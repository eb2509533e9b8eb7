import type { FormDesign } from '../../../../domain/forms/index.ts';
import type { Label, Lang } from '../../../../domain/issue.ts';
import { fieldControl, flag, html, type Markup, pageFrame } from '../../asking/index.ts';
import type { Answers, Asked } from '../read-answers.ts';
import { say } from './page-texts.ts';

/** Style sheet and script of the page. */
export interface FormFiles {
  style: string;
  script: string;
}

export interface FormPage extends FormFiles {
  lang: Lang;
  firm: string;
  design: Pick<FormDesign, 'title' | 'intro'>;
  asked: readonly Asked[];
  /** Ids of the questions that apply to what was answered. */
  shown: readonly string[];
  answers: Answers;
  /** Sentences beside questions; `consent` and `sensitive` beside what is agreed to. */
  problems: ReadonlyMap<string, string>;
  /** Of the whole form. */
  problem?: string | undefined;
  consent: Label | null;
  /** Agreed to: names of the boxes. */
  agreed: readonly string[];
  /** Empty: a preview, which sends nothing. */
  challenge: string;
}

/** A public form: one page of HTML that works before its script, keeps what was typed, and says beside each box what is wrong with it. */
export function formPage(page: FormPage): string {
  const { lang, design, asked, problems } = page;
  const places = [...problems].map(([id, text]) => ({
    at: id === 'consent' || id === 'sensitive' ? `c-${id}` : `a-${id}`,
    text,
  }));
  const links = places.map(({ at, text }) => html`<li><a href="#${at}">${text}</a></li>`);
  const summary =
    (links.length > 0 || page.problem !== undefined) &&
    html`<div class="summary" role="alert" tabindex="-1" autofocus>
      <p>${page.problem ?? say('problems', lang, { n: links.length })}</p>
      ${links.length > 0 && html`<ul>${links}</ul>`}
    </div>`;
  const questions = JSON.stringify(asked.map(({ question: { id, when } }) => ({ id, ...(when && { when }) })));
  const body = html`
    <h1>${design.title[lang]}</h1>
    ${design.intro[lang].trim() !== '' && html`<p class="intro">${design.intro[lang]}</p>`}
    <noscript><p class="noscript">${say('noscript', lang)}</p></noscript>
    ${summary}
    <form method="post" novalidate autocomplete="on" data-questions="${questions}">
      ${asked.map((one) => questionPart(page, one))}
      <div class="trap" aria-hidden="true"><label>${say('trap', lang)} <input name="homepage" tabindex="-1" autocomplete="off"></label></div>
      ${consentParts(page)}
      <input type="hidden" name="challenge" value="${page.challenge}">
      <input type="hidden" name="solution" value="">
      <p class="status" id="status" role="status" data-wait="${say('wait', lang)}"></p>
      <div class="send"><button type="submit" class="first">${say('submit', lang)}</button></div>
    </form>`;
  const within = page.challenge === '';
  return pageFrame({
    lang,
    title: design.title[lang],
    firm: page.firm,
    body,
    style: page.style,
    script: page.script,
    within,
  });
}

function questionPart({ lang, answers, problems, shown }: FormPage, { question, field }: Asked): Markup {
  const { id } = question;
  const must = question.required || field.required;
  const help = question.help?.[lang] ?? '';
  const problem = problems.get(id);
  const describedBy = [help !== '' ? `h-${id}` : '', problem === undefined ? '' : `p-${id}`].filter(Boolean).join(' ');
  const name = html`${field.label[lang]} ${must && html`<span class="must">${say('must', lang)}</span>`}`;
  // A group of boxes has no one box that a label could be for.
  const grouped = field.type === 'multiselect';
  return html`<div class="ask" id="q-${id}"${hidden(!shown.includes(id))}>
      ${grouped ? html`<span class="label">${name}</span>` : html`<label for="a-${id}">${name}</label>`}
      ${help !== '' && html`<p class="help" id="h-${id}">${help}</p>`}
      ${fieldControl(field, {
        ...{ id: `a-${id}`, typed: answers[id] ?? [], lang, required: must === true, invalid: problem !== undefined },
        ...(describedBy !== '' && { describedBy }),
        ...(grouped && { label: field.label[lang] }),
      })}
      ${problem !== undefined && html`<p class="problem" id="p-${id}">${problem}</p>`}
    </div>`;
}

const hidden = (on: boolean): Markup => html`${on && html` hidden`}`;

/** The agreement in the words of its purpose, and one of its own for what is sensitive (PIPL, article 29). */
function consentParts(page: FormPage): Markup {
  const { lang, asked, consent, answers, shown } = page;
  const sensitive = asked.filter(({ field }) => field.sensitivity === 'sensitive');
  const given = sensitive.some(
    ({ question: { id } }) => shown.includes(id) && (answers[id] ?? []).some((text) => text.trim() !== ''),
  );
  const fields = sensitive.map(({ field }) => field.label[lang]).join(lang === 'zh' ? '、' : ', ');
  const ids = sensitive.map(({ question }) => question.id).join(' ');
  return html`${consent && html`<div class="consent">${tick(page, 'consent', consent[lang], say('agree', lang))}</div>`}
      ${
        sensitive.length > 0 &&
        html`<div class="consent" id="sensitive" data-questions="${ids}"${hidden(!given)}>${tick(page, 'sensitive', say('sensitive', lang, { fields }), say('agree-sensitive', lang))}</div>`
      }`;
}

function tick({ agreed, problems }: FormPage, name: 'consent' | 'sensitive', words: string, label: string): Markup {
  const problem = problems.get(name);
  return html`<p id="w-${name}">${words}</p>
      <label><input type="checkbox" id="c-${name}" name="c-${name}" value="yes"${flag('checked', agreed.includes(name))}${problem !== undefined && html` aria-invalid="true"`} aria-describedby="w-${name}${problem !== undefined && ` p-${name}`}"> ${label}</label>
      ${problem !== undefined && html`<p class="problem" id="p-${name}">${problem}</p>`}`;
}

/** A page that only says something. */
export function wordsPage(
  lang: Lang,
  kind: 'closed' | 'full' | 'unknown',
  page: { firm: string; style: string },
): string {
  const title = say(`${kind}-title`, lang);
  return pageFrame({ lang, title, ...page, body: html`<h1>${title}</h1><p>${say(kind, lang)}</p>` });
}

/** @param again address to fill in another one at */
export function thanksPage(
  lang: Lang,
  words: string,
  page: { firm: string; style: string; again: string | null },
): string {
  const title = say('thanks-title', lang);
  const { firm, style, again } = page;
  const body = html`<h1>${title}</h1>
    ${words.trim() !== '' && html`<p class="intro">${words}</p>`}
    ${again !== null && html`<p><a href="${again}">${say('thanks-more', lang)}</a></p>`}`;
  return pageFrame({ lang, title, firm, style, body });
}
