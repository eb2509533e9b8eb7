import type { Lang } from '../../../../domain/issue.ts';
import type { FieldDef } from '../../../../domain/schema/types.ts';
import { flag, html, type Markup } from './html.ts';
import { say } from './page-texts.ts';

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

export interface Control {
  /** Of the box, and its name in what is sent. */
  id: string;
  typed: readonly string[];
  lang: Lang;
  required?: boolean;
  invalid?: boolean;
  /** Ids of what explains it, apart by spaces. */
  describedBy?: string;
  /** Name of a group of boxes to tick. */
  label?: string;
}

/** The box in which a person outside types or chooses a value, by the type of the field. */
export function fieldControl(
  field: FieldDef,
  { id: name, typed, lang, required, invalid, describedBy, label }: Control,
): Markup {
  const about = html`${invalid && html` aria-invalid="true"`}${describedBy && html` aria-describedby="${describedBy}"`}`;
  const id = html`id="${name}" name="${name}"${about}${required && html` aria-required="true"`}`;
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
      return html`<div class="ticks" role="group" id="${name}"${about}${label && html` aria-label="${label}"`}>${options.map(
        (option) =>
          html`<label><input type="checkbox" name="${name}" value="${option.value}"${flag('checked', typed.includes(option.value))}> ${option.label[lang]}</label>`,
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
