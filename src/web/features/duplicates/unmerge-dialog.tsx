import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Modal } from 'antd';
import { useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { UnmergePreview } from '../../../contract/duplicates.ts';
import type { FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys, useCatalog } from '../../api/query.ts';
import { FieldText } from '../../fields/field-text.tsx';
import { type FormatEnv, formatMoment, formatValue } from '../../fields/format.ts';
import { useFormatEnv } from '../../fields/sources.ts';
import { useLabel, useText } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { refreshRecords } from './duplicates-api.ts';
import { ALL, draftOf, movesOf, type UnmergeDraft } from './merge-draft.ts';
import { useMergeText } from './merge-texts.ts';
import { letterOf } from './queue-model.ts';
import './duplicates.css';

/** Takes a merge apart: what comes back is shown, and asked is only what nobody but a person can tell. */
export function UnmergeDialog({ object, merge, onClose }: { object: ObjectDef; merge: string; onClose(): void }) {
  const t = useMergeText();
  const text = useText();
  const toasts = useToasts();
  const client = useQueryClient();
  const env = useFormatEnv(object.fields);
  const [edited, setEdited] = useState<UnmergeDraft | null>(null);
  const { data, error } = useQuery({
    queryKey: [...keys.duplicates, object.name, 'unmerge', merge],
    queryFn: ({ signal }): Promise<UnmergePreview> =>
      call(api.duplicates.unmergePreview, { params: { id: merge }, signal }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const draft = edited ?? (data ? draftOf(data) : { answers: {}, moves: {} });
  const unmerge = useMutation({
    mutationFn: (of: UnmergePreview) =>
      call(api.duplicates.unmerge, {
        params: { id: merge },
        body: { answers: draft.answers, moves: movesOf(of, draft) },
      }),
    onSuccess: ({ restored }) => {
      toasts.success(t('unmerged-done', { n: restored.length }));
      void refreshRecords(client, object.name);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={t('unmerge-title')}
      width={680}
      style={{ top: 32 }}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{text('cancel')}</Button>
          <Button
            type="primary"
            disabled={!data}
            loading={unmerge.isPending}
            onClick={() => data && unmerge.mutate(data)}
          >
            {t('unmerge-do')}
          </Button>
        </>
      }
    >
      <div className="xk-merge">
        {error ? (
          <Alert type="error" showIcon title={sentence(error)} />
        ) : !data ? (
          <Skeleton lines={7} />
        ) : (
          <>
            <p>{t('unmerge-hint', { at: formatMoment(data.at, env.timeZone) })}</p>
            <Records object={object} preview={data} env={env} />
            {data.questions.length > 0 && (
              <section>
                <h3>{t('questions-title')}</h3>
                {data.questions.map((question) => (
                  <Question
                    key={question.field}
                    object={object}
                    preview={data}
                    question={question}
                    env={env}
                    answer={draft.answers[question.field] ?? question.proposed}
                    onAnswer={(whose) =>
                      setEdited({ ...draft, answers: { ...draft.answers, [question.field]: whose } })
                    }
                  />
                ))}
              </section>
            )}
            <Back preview={data} />
            {data.added.length > 0 && (
              <Added
                object={object}
                preview={data}
                draft={draft}
                onMove={(id, to) => setEdited({ ...draft, moves: { ...draft.moves, [id]: to } })}
              />
            )}
          </>
        )}
        {unmerge.error && <Alert type="error" showIcon title={sentence(unmerge.error)} />}
      </div>
    </Modal>
  );
}

/** Name of a record as it will be, with its letter. */
function useNames(object: ObjectDef, preview: UnmergePreview) {
  const t = useMergeText();
  const order = [preview.winner, ...preview.losers];
  return {
    letter: (id: string) => letterOf(order.indexOf(id)),
    title: (id: string) =>
      String(preview.records.find((row) => row.id === id)?.values[object.title] ?? '') || t('value-empty'),
    order,
  };
}

const SHOWN = 4;

function Records({ object, preview, env }: { object: ObjectDef; preview: UnmergePreview; env: FormatEnv }) {
  const t = useMergeText();
  const label = useLabel();
  const { letter, title, order } = useNames(object, preview);
  // What tells them apart, a few of it.
  const telling = object.fields.filter((field) => {
    if (field.retired || field.name === object.title || field.type === 'relation') return false;
    const values = preview.records.map((row) => formatValue(row.values[field.name], field, env));
    return new Set(values).size > 1;
  });
  return (
    <section>
      <h3>{t('unmerge-back-records')}</h3>
      <ul className="xk-unmerge-records">
        {order.map((id) => {
          const values: Record<string, FieldValue> = preview.records.find((row) => row.id === id)?.values ?? {};
          return (
            <li key={id}>
              <span className="xk-letter">{letter(id)}</span>
              <strong>{title(id)}</strong>
              <Badge tone={id === preview.winner ? 'plain' : 'brand'}>
                {t(id === preview.winner ? 'unmerge-winner' : 'unmerge-loser')}
              </Badge>
              <span className="xk-unmerge-facts">
                {telling
                  .filter((field) => formatValue(values[field.name], field, env) !== '')
                  .slice(0, SHOWN)
                  .map((field) => (
                    <span key={field.name}>
                      <span className="xk-muted">{label(field.label)}</span>{' '}
                      <FieldText field={field} value={values[field.name]} env={env} link={false} />
                    </span>
                  ))}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Question({
  object,
  preview,
  question,
  env,
  answer,
  onAnswer,
}: {
  object: ObjectDef;
  preview: UnmergePreview;
  question: UnmergePreview['questions'][number];
  env: FormatEnv;
  answer: string;
  onAnswer(whose: string): void;
}) {
  const t = useMergeText();
  const label = useLabel();
  const name = useId();
  const { letter, title } = useNames(object, preview);
  const field = object.fields.find((one) => one.name === question.field);
  const now = field ? formatValue(question.current, field, env) : '';
  return (
    <fieldset className="xk-merge-field">
      <legend>
        <span>{label(question.label)}</span>
        <span className="xk-merge-ask">{t('question-hint', { value: now || t('value-empty') })}</span>
      </legend>
      <div className="xk-merge-options">
        {[...question.candidates, ALL].map((whose) => (
          <label key={whose} className={answer === whose ? 'xk-merge-taken' : undefined}>
            <input type="radio" name={name} checked={answer === whose} onChange={() => onAnswer(whose)} />
            {whose !== ALL && <span className="xk-letter">{letter(whose)}</span>}
            <span className="xk-merge-value">{whose === ALL ? t('question-all') : title(whose)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Back({ preview }: { preview: UnmergePreview }) {
  const t = useMergeText();
  const label = useLabel();
  return (
    <section className="xk-merge-moves">
      <h3>{t('unmerge-back')}</h3>
      {preview.back.length === 0 ? (
        <p className="xk-muted">{t('unmerge-back-none')}</p>
      ) : (
        <ul>
          {preview.back.map((one) => (
            <li key={`${one.object}.${one.field}`} className="xk-num">
              {t('moves-n', { object: label(one.label), n: one.count })}
            </li>
          ))}
        </ul>
      )}
      {preview.left > 0 && <p className="xk-muted">{t('unmerge-left', { n: preview.left })}</p>}
    </section>
  );
}

function Added({
  object,
  preview,
  draft,
  onMove,
}: {
  object: ObjectDef;
  preview: UnmergePreview;
  draft: UnmergeDraft;
  onMove(id: string, to: string): void;
}) {
  const t = useMergeText();
  const label = useLabel();
  const { objects } = useCatalog();
  const { letter, title, order } = useNames(object, preview);
  return (
    <section>
      <h3>{t('added-title')}</h3>
      <p className="xk-muted">{t('added-hint')}</p>
      <ul className="xk-unmerge-added">
        {preview.added.map((one) => (
          <li key={one.id}>
            <span>
              <span className="xk-muted">{label(objects.find(({ name }) => name === one.object)?.label)}</span>{' '}
              {one.title || t('value-empty')}
            </span>
            <select
              className="xk-plain-input xk-small-input"
              aria-label={`${t('added-title')} ${one.title}`}
              value={draft.moves[one.id] ?? preview.winner}
              onChange={(event) => onMove(one.id, event.target.value)}
            >
              {order.map((id) => (
                <option key={id} value={id}>
                  {`${letter(id)} ${title(id)}${one.suggested === id ? ` · ${t('added-suggested')}` : ''}`}
                </option>
              ))}
            </select>
          </li>
        ))}
      </ul>
    </section>
  );
}
