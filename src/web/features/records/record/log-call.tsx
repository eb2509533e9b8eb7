import { Modal } from 'antd';
import { useState } from 'react';
import { api } from '../../../../contract/api.ts';
import type { ObjectDef } from '../../../../domain/schema/types.ts';
import { call } from '../../../api/client.ts';
import { sentence } from '../../../api/errors.ts';
import { useSession } from '../../../api/query.ts';
import { useDoneToast } from '../../../api/use-undo.tsx';
import { useLabel } from '../../../i18n/core.ts';
import { useToasts } from '../../../ui/toasts.tsx';
import { parentField } from './add-interaction.tsx';
import { useRecordText } from './texts.ts';

export interface Callee {
  object: string;
  id: string;
  who: string;
  number: string;
}

const SOON = [1, 3, 7, 30] as const;
const dayIn = (days: number): string => {
  const day = new Date(Date.now() + days * 86_400_000);
  return new Intl.DateTimeFormat('sv-SE').format(day);
};

/** After a call: what is next, if anything, and the outcome, whose tap saves. The log is append-only, so everything is said before it. */
export function LogCall({
  notes,
  parent,
  id,
  callee,
  onClose,
}: {
  notes: ObjectDef;
  parent: string;
  id: string;
  callee: Callee;
  onClose(): void;
}) {
  const t = useRecordText();
  const label = useLabel();
  const toasts = useToasts();
  const done = useDoneToast();
  const { account } = useSession();
  const [text, setText] = useState('');
  const [step, setStep] = useState('');
  const [day, setDay] = useState('');
  const [saving, setSaving] = useState(false);
  const live = notes.fields.filter((field) => !field.retired);
  const named = (name: string) => live.find((field) => field.name === name);
  const relation = parentField(notes, parent);
  const person = live.find(
    (field) => field.type === 'relation' && field.target === callee.object && field !== relation,
  );
  const [nextStep, nextOn] = [named('next_step'), live.find((field) => field.type === 'date')];
  const when = live.find((field) => field.type === 'datetime');
  const outcomes = (named('outcome')?.options ?? []).filter((option) => !option.retired);

  const save = async (outcome: { value: string; label: { zh: string; en: string } }) => {
    if (!relation || saving) return;
    setSaving(true);
    const set: Record<string, unknown> = {
      [relation.name]: id,
      kind: 'call',
      outcome: outcome.value,
      [notes.title]: text.trim() || t('call-said', { outcome: label(outcome.label) }),
      ...(person && { [person.name]: callee.id }),
      ...(when && { [when.name]: new Date().toISOString() }),
      ...(nextStep && step.trim() && { [nextStep.name]: step.trim() }),
      ...(nextOn && day && { [nextOn.name]: day }),
      ...(notes.owner && { [notes.owner]: account.id }),
    };
    try {
      const reply = await call(api.records.write, {
        body: { changes: [{ op: 'create', object: notes.name, set }], atomic: false },
      });
      const [result] = reply.outcomes;
      if (result?.status === 'applied') {
        done(t('call-logged', { outcome: label(outcome.label) }), reply.changeSet);
        onClose();
        return;
      }
      toasts.error(result?.issues?.[0]?.message ?? '');
    } catch (error) {
      toasts.error(sentence(error));
    }
    setSaving(false);
  };

  return (
    <Modal open title={t('call-how', { who: callee.who })} footer={null} onCancel={onClose} width={420}>
      <div className="xk-log-call">
        <fieldset className="xk-call-outcomes">
          <legend className="xk-visually-hidden">{t('call-outcome')}</legend>
          {outcomes.map((option) => (
            <button
              key={option.value}
              type="button"
              className={`xk-chip-button xs-c-${option.color ?? 'gray'}`}
              disabled={saving}
              onClick={() => void save(option)}
            >
              {label(option.label)}
            </button>
          ))}
        </fieldset>
        <p className="xk-muted">{t('call-hint')}</p>
        <textarea
          className="xk-plain-input"
          rows={2}
          aria-label={t('call-notes')}
          placeholder={t('call-notes')}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        {nextStep && (
          <input
            className="xk-plain-input"
            aria-label={label(nextStep.label)}
            placeholder={label(nextStep.label)}
            value={step}
            onChange={(event) => setStep(event.target.value)}
          />
        )}
        {nextOn && (
          <div className="xk-call-days">
            {SOON.map((days) => (
              <button
                key={days}
                type="button"
                className="xk-join"
                aria-pressed={day === dayIn(days)}
                onClick={() => setDay(day === dayIn(days) ? '' : dayIn(days))}
              >
                {days === 1 ? t('call-tomorrow') : t('call-in', { n: days })}
              </button>
            ))}
            <input
              className="xk-plain-input"
              type="date"
              aria-label={label(nextOn.label)}
              value={day}
              onChange={(event) => setDay(event.target.value)}
            />
          </div>
        )}
      </div>
    </Modal>
  );
}
