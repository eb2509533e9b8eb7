import type { Lang } from '../../../../domain/issue.ts';
import type { FieldDef } from '../../../../domain/schema/types.ts';
import { fieldControl } from './field-control.ts';
import { pageFrame } from './frame.ts';
import { flag, html, Markup } from './html.ts';
import { say } from './page-texts.ts';

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
  return pageFrame({ lang, title: say('title', lang), firm: page.firm, body, style: page.style });
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
        <div class="new"><label for="n${index}">${say('new', lang, { label })}</label>${fieldControl(cell.field, { id: `n${index}`, typed: cell.typed ?? [], lang, ...(cell.problem && { describedBy: `p${index}`, invalid: true }) })}</div>
      </div>
    </fieldset>`;
}

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
  return pageFrame({ lang, title, firm: '', body, style: options.style });
}
