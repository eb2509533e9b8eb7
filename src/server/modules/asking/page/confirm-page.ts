import { fill, type Lang } from '../../../../domain/issue.ts';
import type { FieldDef } from '../../../../domain/schema/types.ts';
import { html, Markup } from './html.ts';
import { PAGE_TEXTS, type PageText } from './page-texts.ts';

export type Verdict = 'right' | 'change' | 'gone';

/** One field on the page. */
export interface PageCell {
  field: FieldDef;
  /** Masked; '' when nothing is on record. */
  shown: string;
  /** Comes back with the answer: which value was seen. */
  mark: string;
  verdict?: Verdict | undefined;
  /** What he typed or chose, after a problem. */
  typed?: string[] | undefined;
  problem?: string | undefined;
}

export interface ConfirmPage {
  lang: Lang;
  firm: string;
  /** Whose data: the customer's name. */
  title: string;
  cells: PageCell[];
  consent: string;
  agreed?: boolean | undefined;
  /** Of the whole form. */
  problem?: string | undefined;
  consentProblem?: string | undefined;
  style: string;
}

export const say = (key: PageText, lang: Lang, params: Record<string, string | number> = {}): string =>
  fill(PAGE_TEXTS[key][lang], params);

/** The form. Plain HTML: it works before, without and in spite of scripts, for there are none. */
export function confirmPage(page: ConfirmPage): string {
  const { lang, cells } = page;
  const problems = cells.flatMap((cell, i) => (cell.problem ? [{ at: `f${i}`, text: cell.problem }] : []));
  if (page.consentProblem) problems.push({ at: 'consent', text: page.consentProblem });
  const links = problems.map(({ at, text }) => html`<li><a href="#${at}">${text}</a></li>`);
  // It takes the focus when the page comes back, and leads to each place (WCAG 3.3.1, 3.3.3).
  const summary =
    (problems.length > 0 || page.problem) &&
    html`
    <div class="summary" role="alert" tabindex="-1" autofocus>
      <p>${page.problem ?? say('problems', lang, { n: problems.length })}</p>
      ${links.length > 0 && html`<ul>${links}</ul>`}
    </div>`;
  const body = html`
    <h1>${say('title', lang)}</h1>
    <p class="who">${page.title}</p>
    <p>${say('intro', lang, { firm: page.firm })} ${say('masked', lang)}</p>
    ${summary}
    <form method="post" novalidate autocomplete="on">
      ${cells.map((cell, index) => cellFields(cell, index, lang))}
      <div class="consent">
        <p id="consent-words">${page.consent}</p>
        <label><input type="checkbox" id="consent" name="consent" value="yes"${flag('checked', page.agreed === true)}${page.consentProblem ? new Markup(' aria-invalid="true"') : ''} aria-describedby="consent-words${page.consentProblem && ' consent-problem'}"> ${say('agree', lang)}</label>
        ${page.consentProblem && html`<p class="problem" id="consent-problem">${page.consentProblem}</p>`}
      </div>
      <div class="send">
        <button type="submit" name="send" value="all" class="first">${say('all', lang)}</button>
        <button type="submit" name="send" value="given">${say('submit', lang)}</button>
      </div>
    </form>`;
  return frame(lang, say('title', lang), page.firm, body, page.style);
}

function cellFields(cell: PageCell, index: number, lang: Lang): Markup {
  const { field } = cell;
  const label = field.label[lang];
  const problem = cell.problem && html`<p class="problem" id="p${index}">${cell.problem}</p>`;
  const choice = (verdict: Verdict) =>
    html`<input type="radio" id="f${index}${verdict === 'right' ? '' : verdict}" class="${verdict}" name="v${index}" value="${verdict}"${flag('checked', cell.verdict === verdict)}><label for="f${index}${verdict === 'right' ? '' : verdict}">${say(verdict, lang)}</label>`;
  const empty = cell.shown === '';
  // Nothing on record: nothing to confirm or drop, only to fill in.
  const first = empty ? html`<span id="f${index}"></span>` : choice('right');
  return html`
    <fieldset${cell.problem ? new Markup(` aria-describedby="p${index}"`) : ''}>
      <legend>${label}</legend>
      <p class="value">${empty ? say('empty', lang) : cell.shown}</p>
      ${problem}
      <input type="hidden" name="s${index}" value="${cell.mark}">
      <div class="choices">${first}${choice('change')}${!empty && !field.required && choice('gone')}
        <div class="new"><label for="n${index}">${say('new', lang, { label })}</label>${control(cell, index, lang)}</div>
      </div>
    </fieldset>`;
}

/** Tokens of WCAG 1.3.5, so that phones offer what they know. */
const AUTOCOMPLETE: Partial<Record<FieldDef['type'], string>> = {
  phone: 'tel',
  email: 'email',
  url: 'url',
  address: 'street-address',
};
const INPUT_TYPE: Partial<Record<FieldDef['type'], string>> = {
  phone: 'tel',
  email: 'email',
  url: 'url',
  date: 'date',
};
const INPUT_MODE: Partial<Record<FieldDef['type'], string>> = {
  number: 'decimal',
  money: 'decimal',
  percent: 'decimal',
  bankaccount: 'numeric',
};

function control(cell: PageCell, index: number, lang: Lang): Markup {
  const { field } = cell;
  const typed = cell.typed ?? [];
  const invalid = cell.problem ? html` aria-invalid="true" aria-describedby="p${index}"` : html``;
  const id = html`id="n${index}" name="n${index}"${invalid}`;
  const options = (field.options ?? []).filter((option) => !option.retired);
  switch (field.type) {
    case 'select':
    case 'boolean': {
      const list =
        field.type === 'boolean'
          ? [
              { value: 'true', text: say('yes', lang) },
              { value: 'false', text: say('no', lang) },
            ]
          : options.map((option) => ({ value: option.value, text: option.label[lang] }));
      return html`<select ${id}><option value="">${say('choose', lang)}</option>${list.map(
        (one) => html`<option value="${one.value}"${flag('selected', typed.includes(one.value))}>${one.text}</option>`,
      )}</select>`;
    }
    case 'multiselect':
      return html`<div class="ticks" role="group" ${id}>${options.map(
        (option) =>
          html`<label><input type="checkbox" name="n${index}" value="${option.value}"${flag('checked', typed.includes(option.value))}> ${option.label[lang]}</label>`,
      )}</div>`;
    case 'longtext':
    case 'address':
      return html`<textarea ${id} rows="3" maxlength="2000"${autocomplete(field)}>${typed[0] ?? ''}</textarea>`;
    default: {
      const mode = INPUT_MODE[field.type];
      const hint = field.type === 'tags' && html`<small>${say('several', lang)}</small>`;
      return html`<input type="${INPUT_TYPE[field.type] ?? 'text'}" ${id} value="${typed[0] ?? ''}" maxlength="500"${mode !== undefined && html` inputmode="${mode}"`}${autocomplete(field)}>${hint}`;
    }
  }
}

function autocomplete(field: FieldDef): Markup {
  const token =
    AUTOCOMPLETE[field.type] ??
    (field.match === 'person' ? 'name' : field.match === 'company' ? 'organization' : undefined);
  return token === undefined ? html`` : html` autocomplete="${token}"`;
}

const flag = (name: 'checked' | 'selected', on: boolean): Markup => new Markup(on ? ` ${name}` : '');

/** A page that only says something. `renew`: address to ask for a new link at. */
export function wordsPage(
  lang: Lang,
  kind: 'thanks' | 'invalid' | 'renewed' | 'blocked',
  options: { style: string; renew?: string },
): string {
  const title = say(`${kind}-title`, lang);
  const body = html`
    <h1>${title}</h1>
    <p>${say(kind, lang)}</p>
    ${options.renew !== undefined && html`<form method="post" action="${options.renew}"><div class="send"><button type="submit">${say('renew', lang)}</button></div></form>`}`;
  return frame(lang, title, '', body, options.style);
}

function frame(lang: Lang, title: string, firm: string, body: Markup, style: string): string {
  const other = lang === 'zh' ? 'en' : 'zh';
  return html`<!doctype html>
<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<meta name="format-detection" content="telephone=no">
<title>${title}${firm !== '' && html` · ${firm}`}</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<header><span>${firm}</span><a href="?lang=${other}" hreflang="${other === 'zh' ? 'zh-CN' : 'en'}" lang="${other === 'zh' ? 'zh-CN' : 'en'}">${say('other', lang)}</a></header>
<main>${body}</main>
</body>
</html>`.text;
}
