import { ArrowDownOutlined, ArrowUpOutlined, CloseOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import { useLabel } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Choice, type Option, Tick } from '../../ui/form-parts.tsx';
import { ConditionEditor, type Named } from './condition-editor.tsx';
import { type Design, freeId, type Question } from './forms-api.ts';
import { LabelBox } from './label-box.tsx';
import { useFormsText } from './texts.ts';

/** Fields that may be asked for, by object. */
export type Askable = { object: ObjectDef; fields: FieldDef[] }[];

/** What is asked, in order; one question at a time is open. */
export function QuestionList({
  design,
  askable,
  onChange,
}: {
  design: Design;
  askable: Askable;
  onChange(questions: Question[]): void;
}) {
  const t = useFormsText();
  const label = useLabel();
  const [open, setOpen] = useState<string | null>(null);
  const { questions } = design;
  const named: Named[] = questions.map((question) => {
    const of = askable.find(({ object }) => object.name === question.object);
    const field = of?.fields.find(({ name }) => name === question.field);
    return { question, field, name: label(question.label) || label(field?.label) || question.field };
  });
  const put = (next: Question) => onChange(questions.map((one) => (one.id === next.id ? next : one)));
  const move = (at: number, by: number) => {
    const next = [...questions];
    const [one] = next.splice(at, 1);
    if (one) next.splice(at + by, 0, one);
    onChange(next);
  };
  const free: Option[] = askable.flatMap(({ object, fields }) =>
    fields
      .filter((field) => !questions.some((one) => one.object === object.name && one.field === field.name))
      .map(
        (field): Option => [
          `${object.name}.${field.name}`,
          askable.length > 1 ? `${label(object.label)} · ${label(field.label)}` : label(field.label),
        ],
      ),
  );
  return (
    <>
      <ol className="xk-form-questions">
        {named.map(({ question, field, name }, at) => (
          <li key={question.id}>
            <div className="xk-form-question-head">
              <button
                type="button"
                className="xk-form-open"
                aria-expanded={open === question.id}
                aria-label={t('open-question', { name })}
                onClick={() => setOpen(open === question.id ? null : question.id)}
              >
                {name}
              </button>
              {(question.required || field?.required) && <Badge>{t('required')}</Badge>}
              {question.when && <Badge>{t('conditional')}</Badge>}
              <span className="xk-form-tools">
                <Button
                  type="text"
                  size="small"
                  icon={<ArrowUpOutlined />}
                  disabled={at === 0}
                  aria-label={t('up', { name })}
                  onClick={() => move(at, -1)}
                />
                <Button
                  type="text"
                  size="small"
                  icon={<ArrowDownOutlined />}
                  disabled={at === questions.length - 1}
                  aria-label={t('down', { name })}
                  onClick={() => move(at, 1)}
                />
                <Button
                  type="text"
                  size="small"
                  icon={<CloseOutlined />}
                  aria-label={t('drop', { name })}
                  onClick={() => onChange(questions.filter((one) => one !== question))}
                />
              </span>
            </div>
            {open === question.id && (
              <div className="xk-form-question">
                <LabelBox
                  label={t('question-label')}
                  value={question.label}
                  example={field?.label}
                  onChange={(next) => put({ ...question, label: next })}
                />
                <LabelBox
                  label={t('question-help')}
                  value={question.help}
                  onChange={(next) => put({ ...question, help: next })}
                />
                {field?.required ? (
                  <p className="xk-muted">{t('required-always')}</p>
                ) : (
                  <>
                    <Tick
                      label={t('required')}
                      checked={question.required === true}
                      onChange={(required) => put({ ...question, required: required || undefined })}
                    />
                    <ConditionEditor
                      when={question.when}
                      above={named.slice(0, at)}
                      onChange={(when) => put({ ...question, when })}
                    />
                  </>
                )}
              </div>
            )}
          </li>
        ))}
      </ol>
      {free.length > 0 && (
        <Choice
          label={t('add-question')}
          value=""
          options={[['', '—'], ...free]}
          onChange={(key) => {
            const [object = '', field = ''] = key.split('.');
            if (field === '') return;
            const id = freeId(questions);
            onChange([...questions, { id, object, field }]);
            setOpen(id);
          }}
        />
      )}
    </>
  );
}
