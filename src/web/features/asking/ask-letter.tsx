import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { useLabel } from '../../i18n/core.ts';
import { type AskForm, type Draft, withTemplate } from './ask-draft.ts';
import { useAskingText } from './texts.ts';

/** The letter or greeting that carries the link, and the terms; closed until someone wants to change it. */
export function AskLetter({ draft, form, onChange }: { draft: Draft; form: AskForm; onChange(form: AskForm): void }) {
  const t = useAskingText();
  const label = useLabel();
  const [preview, setPreview] = useState(false);
  return (
    <details className="xk-ask-letter">
      <summary>
        {t('letter')} · {label(draft.templates.find((one) => one.id === form.template)?.label)} ·{' '}
        <span className="xk-muted">{t('terms', { days: form.expireDays, remind: form.remindDays })}</span>
      </summary>
      <div className="xk-ask-row">
        <label>
          {t('template')}
          <select
            className="xk-plain-input"
            value={form.template}
            onChange={(event) => onChange(withTemplate(form, draft, event.target.value, form.lang))}
          >
            {draft.templates.map((template) => (
              <option key={template.id} value={template.id}>
                {label(template.label)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('language')}
          <select
            className="xk-plain-input"
            value={form.lang}
            onChange={(event) =>
              onChange(withTemplate(form, draft, form.template, event.target.value === 'en' ? 'en' : 'zh'))
            }
          >
            <option value="zh" lang="zh-CN">
              中文
            </option>
            <option value="en" lang="en">
              English
            </option>
          </select>
        </label>
      </div>
      <label className="xk-ask-line">
        {t('subject')}
        <input
          className="xk-plain-input"
          value={form.subject}
          maxLength={200}
          onChange={(event) => onChange({ ...form, subject: event.target.value })}
        />
      </label>
      <label className="xk-ask-line">
        {t('body')}
        <textarea
          className="xk-plain-input"
          rows={7}
          maxLength={4000}
          value={form.body}
          onChange={(event) => onChange({ ...form, body: event.target.value })}
        />
      </label>
      <p className="xk-muted">
        {t('body-hint', { name: '{name}', company: '{company}', sender: '{sender}', days: '{days}', link: '{link}' })}
      </p>
      <div className="xk-ask-row">
        <NumberBox
          label={t('expire-days')}
          min={1}
          max={90}
          value={form.expireDays}
          onChange={(expireDays) => onChange({ ...form, expireDays })}
        />
        <NumberBox
          label={t('remind-days')}
          min={0}
          max={60}
          value={form.remindDays}
          onChange={(remindDays) => onChange({ ...form, remindDays })}
        />
      </div>
      <details onToggle={(event) => setPreview(event.currentTarget.open)}>
        <summary>{t('preview')}</summary>
        {preview && <LetterPreview subject={form.subject} body={form.body} lang={form.lang} />}
      </details>
    </details>
  );
}

function NumberBox({
  label,
  min,
  max,
  value,
  onChange,
}: {
  label: string;
  min: number;
  max: number;
  value: number;
  onChange(value: number): void;
}) {
  return (
    <label>
      {label}
      <input
        className="xk-plain-input"
        type="number"
        min={min}
        max={max}
        value={value}
        onChange={(event) => onChange(Math.min(max, Math.max(min, Math.trunc(Number(event.target.value)) || min)))}
      />
    </label>
  );
}

/** As it would arrive, with example names. */
export function LetterPreview({ subject, body, lang }: { subject: string; body: string; lang: 'zh' | 'en' }) {
  const { data } = useQuery({
    queryKey: ['asks', 'preview', subject, body, lang],
    queryFn: ({ signal }) => call(api.asking.preview, { body: { subject, body, lang }, signal }),
  });
  if (!data) return null;
  return (
    <div className="xk-ask-preview" lang={lang === 'zh' ? 'zh-CN' : 'en'}>
      <strong>{data.subject}</strong>
      <p>{data.text}</p>
    </div>
  );
}
