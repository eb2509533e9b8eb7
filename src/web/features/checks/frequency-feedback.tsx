import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Choices } from '../../ui/choices.tsx';
import { Card } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useCheckText } from './texts.ts';

const VERDICTS = ['too-often', 'right', 'too-seldom'] as const;
type Verdict = (typeof VERDICTS)[number];

/** Everybody may say whether a field is verified too often or too seldom; administrators read it in the quarterly report. */
export function FrequencyFeedback() {
  const t = useCheckText();
  const label = useLabel();
  const toasts = useToasts();
  const id = useId();
  const fields = useCatalog()
    .objects.filter((object) => !object.retired)
    .flatMap((object) =>
      object.fields
        .filter((field) => field.tracked && !field.retired)
        .map((field) => ({ key: `${object.name}.${field.name}`, object, field })),
    );
  const [chosen, setChosen] = useState(fields[0]?.key ?? '');
  const [verdict, setVerdict] = useState<Verdict>('right');
  const [note, setNote] = useState('');
  const one = fields.find((candidate) => candidate.key === chosen);
  const send = useMutation({
    mutationFn: () =>
      call(api.evaluation.feedback, {
        body: {
          object: one?.object.name ?? '',
          field: one?.field.name ?? '',
          verdict,
          ...(note.trim() !== '' && { note: note.trim() }),
        },
      }),
    onSuccess: () => {
      toasts.success(t('feedback-done'));
      setNote('');
    },
    onError: (failure) => toasts.error(sentence(failure)),
  });
  if (fields.length === 0) return null;
  return (
    <Card title={t('feedback-title')}>
      <p className="xk-muted">{t('feedback-hint')}</p>
      <form
        className="xk-rule-boxes"
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate();
        }}
      >
        <div>
          <label className="xk-muted" htmlFor={`${id}f`}>
            {t('feedback-field')}
          </label>
          <select
            id={`${id}f`}
            className="xk-plain-input"
            value={chosen}
            onChange={(event) => setChosen(event.target.value)}
          >
            {fields.map(({ key, object, field }) => (
              <option key={key} value={key}>
                {label(object.label)} · {label(field.label)}
              </option>
            ))}
          </select>
        </div>
        <Choices<Verdict>
          label={t('feedback-verdict')}
          value={verdict}
          onChange={setVerdict}
          options={VERDICTS.map((value) => ({ value, label: t(`feedback-${value}`) }))}
        />
        <div className="xk-feedback-note">
          <label className="xk-muted" htmlFor={`${id}n`}>
            {t('feedback-note')}
          </label>
          <input
            id={`${id}n`}
            className="xk-plain-input"
            value={note}
            maxLength={500}
            onChange={(event) => setNote(event.target.value)}
          />
        </div>
        <Button htmlType="submit" loading={send.isPending}>
          {t('feedback-send')}
        </Button>
      </form>
    </Card>
  );
}
