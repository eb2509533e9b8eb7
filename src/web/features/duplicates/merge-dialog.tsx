import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Alert, Button, Modal } from 'antd';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { MergePreview } from '../../../contract/duplicates.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { ApiError, sentence } from '../../api/errors.ts';
import { keys } from '../../api/query.ts';
import { type FormatEnv, formatMoment } from '../../fields/format.ts';
import { useFormatEnv } from '../../fields/sources.ts';
import { useLabel, useNoun, useText } from '../../i18n/core.ts';
import { Leaf } from '../../ui/leaf.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { refreshRecords, takeBackMerge } from './duplicates-api.ts';
import { type Choices, still, versionsOf } from './merge-draft.ts';
import { MergeFields } from './merge-fields.tsx';
import { useMergeText } from './merge-texts.ts';
import { letterOf } from './queue-model.ts';
import './duplicates.css';

export interface Merged {
  merge: string;
  winner: string;
}

/**
 * Two to twenty records become one: which stays, whose value of every field and why, what moves along, what speaks against it. Then a toast that
 * undoes it. `onMerged` may give its own way back.
 */
export function MergeDialog({
  object,
  records,
  onClose,
  onMerged,
}: {
  object: ObjectDef;
  records: string[];
  onClose(): void;
  onMerged(merged: Merged): (() => void) | undefined;
}) {
  const t = useMergeText();
  const text = useText();
  const noun = useNoun();
  const toasts = useToasts();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [winner, setWinner] = useState<string>();
  const [choices, setChoices] = useState<Choices>({});
  const [note, setNote] = useState('');
  const [changed, setChanged] = useState(false);
  const confirm = useRef<HTMLButtonElement>(null);
  const noteId = useId();

  const preview = useQuery({
    queryKey: [...keys.duplicates, object.name, 'merge', records.join(), winner ?? ''],
    queryFn: ({ signal }): Promise<MergePreview> =>
      call(api.duplicates.preview, { body: { object: object.name, records, ...(winner && { winner }) }, signal }),
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const { data } = preview;
  const kept = useMemo(() => (data ? still(choices, data) : {}), [choices, data]);
  const titles = useMemo(() => new Map(Object.entries(data?.titles ?? {})), [data?.titles]);
  const env = useFormatEnv(object.fields, titles);
  const ready = data !== undefined && !preview.isPlaceholderData;
  useEffect(() => {
    // Enter merges: what the rules propose is mostly right, and can be taken apart.
    if (data && !document.activeElement?.closest('.xk-merge')) confirm.current?.focus();
  }, [data]);

  const merge = useMutation({
    mutationFn: (of: MergePreview) =>
      call(api.duplicates.merge, {
        body: {
          object: object.name,
          records,
          winner: of.winner,
          choices: kept,
          versions: versionsOf(of),
          ...(note.trim() !== '' && { reason: note.trim() }),
        },
      }),
    onSuccess: (done, of) => {
      if ('approval' in done) {
        toasts.info(t('merge-asked', { names: done.approval.deciders.join('、') || t('merge-admins') }));
        onClose();
        return;
      }
      const row = of.records.find(({ id }) => id === done.winner);
      const nameFrom = kept[object.title] ?? of.fields.find(({ field }) => field === object.title)?.from;
      const named = of.records.find(({ id }) => id === nameFrom) ?? row;
      const title = String(named?.values[object.title] ?? '');
      const undo =
        onMerged(done) ??
        (() =>
          void takeBackMerge(object.name, done.merge, records)
            .then(() => toasts.success(t('merge-undone')))
            .catch((error: unknown) => toasts.error(sentence(error)))
            .finally(() => refreshRecords(client, object.name)));
      toasts.undoable(
        done.moved > 0 ? t('merged-done', { title, n: done.moved }) : t('merged-done-plain', { title }),
        undo,
        {
          label: t('open-merged'),
          onPick: () => void navigate({ to: '/o/$object/$id', params: { object: object.name, id: done.winner } }),
        },
      );
      void refreshRecords(client, object.name);
    },
    onError: (error) => {
      if (!(error instanceof ApiError) || error.code !== 'conflict') return;
      setChanged(true);
      void preview.refetch();
    },
  });
  const failure = merge.error && !(merge.error instanceof ApiError && merge.error.code === 'conflict');

  return (
    <Modal
      open
      title={t('merge-title', { n: records.length, object: noun(records.length > 1 ? object.plural : object.label) })}
      width={Math.min(1100, 420 + records.length * 200)}
      style={{ top: 32 }}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{text('cancel')}</Button>
          <Button
            ref={confirm}
            type="primary"
            disabled={!ready}
            loading={merge.isPending}
            onClick={() => data && merge.mutate(data)}
          >
            {t('merge-do')}
          </Button>
        </>
      }
    >
      <div className="xk-merge">
        {preview.error && !data ? (
          <Alert type="error" showIcon title={sentence(preview.error)} />
        ) : !data ? (
          <Skeleton title lines={9} />
        ) : (
          <>
            {data.warnings.length > 0 && <Warnings warnings={data.warnings} />}
            {changed && <Alert type="info" showIcon title={t('changed-meanwhile')} />}
            <Survivor object={object} preview={data} env={env} onPick={setWinner} />
            <MergeFields object={object} preview={data} choices={kept} env={env} onChoices={setChoices} />
            <Moves moves={data.moves} />
            <div className="xk-form-row">
              <label htmlFor={noteId}>{t('note')}</label>
              <input
                id={noteId}
                className="xk-plain-input"
                maxLength={500}
                value={note}
                onChange={(event) => setNote(event.target.value)}
              />
            </div>
          </>
        )}
        {failure && <Alert type="error" showIcon title={sentence(merge.error)} />}
      </div>
    </Modal>
  );
}

function Warnings({ warnings }: Pick<MergePreview, 'warnings'>) {
  const t = useMergeText();
  const label = useLabel();
  return (
    <Alert
      type="warning"
      showIcon
      title={t('warnings')}
      description={
        <ul className="xk-merge-warnings">
          {warnings.map((one) => (
            <li key={`${one.code} ${one.field ?? ''}`}>{label(one.sentence)}</li>
          ))}
        </ul>
      }
    />
  );
}

/** The records, and which of them stays. */
function Survivor({
  object,
  preview,
  env,
  onPick,
}: {
  object: ObjectDef;
  preview: MergePreview;
  env: FormatEnv;
  onPick(id: string): void;
}) {
  const t = useMergeText();
  const name = useId();
  const number = object.fields.find((field) => field.type === 'autonumber' && !field.retired);
  return (
    <fieldset className="xk-merge-field">
      <legend>{t('which-stays')}</legend>
      <div className="xk-merge-options">
        {preview.records.map((row, index) => (
          <label key={row.id} className={row.id === preview.winner ? 'xk-merge-taken' : undefined}>
            <input type="radio" name={name} checked={row.id === preview.winner} onChange={() => onPick(row.id)} />
            <span className="xk-letter">{letterOf(index)}</span>
            <span className="xk-merge-value">
              <strong>
                {String(row.values[object.title] ?? '') || t('value-empty')}{' '}
                {row.freshness && <Leaf confidence={row.freshness.score} />}
              </strong>
              <small className="xk-muted">
                {number && row.values[number.name] ? `${String(row.values[number.name])} · ` : ''}
                {formatMoment(row.createdAt, env.timeZone).slice(0, 10)}
                {row.id === preview.winner && ` · ${t('stays')}`}
              </small>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Contacts, interactions, orders … that will belong to the one that stays. */
export function Moves({ moves }: Pick<MergePreview, 'moves'>) {
  const t = useMergeText();
  const label = useLabel();
  return (
    <section className="xk-merge-moves">
      <h3>{t('moves-title')}</h3>
      {moves.length === 0 ? (
        <p className="xk-muted">{t('moves-none')}</p>
      ) : (
        <ul>
          {moves.map((one) => (
            <li key={`${one.object}.${one.field}`} className="xk-num">
              {t('moves-n', { object: label(one.label), n: one.count })}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
