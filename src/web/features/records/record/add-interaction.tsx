import { Button } from 'antd';
import { useLayoutEffect, useRef, useState } from 'react';
import { api } from '../../../../contract/api.ts';
import type { FieldDef, ObjectDef } from '../../../../domain/schema/types.ts';
import { call } from '../../../api/client.ts';
import { sentence } from '../../../api/errors.ts';
import { useSession } from '../../../api/query.ts';
import { useDoneToast } from '../../../api/use-undo.tsx';
import { useLabel, useLang } from '../../../i18n/core.ts';
import { useToasts } from '../../../ui/toasts.tsx';
import { useRecordText } from './texts.ts';

/** The relation through which records of `child` belong to `parent`; null when they don't. */
export function parentField(child: ObjectDef, parent: string): FieldDef | null {
  return (
    child.fields.find(
      (field) => field.name === child.parent && field.type === 'relation' && field.target === parent && !field.retired,
    ) ?? null
  );
}

/** A note in one line: what was said, how, when next. Any append-only object that belongs to this one takes it, so it knows no field by name. */
export function AddInteraction({ object, parent, id }: { object: ObjectDef; parent: string; id: string }) {
  const t = useRecordText();
  const label = useLabel();
  const lang = useLang();
  const toasts = useToasts();
  const done = useDoneToast();
  const { account } = useSession();
  const live = object.fields.filter((field) => !field.retired);
  const kind = live.find((field) => field.type === 'select');
  const next = live.find((field) => field.type === 'date');
  const when = live.find((field) => field.type === 'datetime');
  const [text, setText] = useState('');
  const [how, setHow] = useState<string | undefined>(kind?.options?.[0]?.value);
  const [day, setDay] = useState('');
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<string>();

  const box = useRef<HTMLTextAreaElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the box grows with its text
  useLayoutEffect(() => {
    if (!box.current) return;
    box.current.style.height = '0';
    box.current.style.height = `${Math.min(200, box.current.scrollHeight + 2)}px`;
  }, [text]);

  const save = async () => {
    const relation = parentField(object, parent);
    if (text.trim() === '' || !relation) return;
    setSaving(true);
    setProblem(undefined);
    try {
      const set: Record<string, unknown> = { [object.title]: text, [relation.name]: id };
      if (kind && how) set[kind.name] = how;
      if (next && day) set[next.name] = day;
      if (when) set[when.name] = new Date().toISOString();
      if (object.owner) set[object.owner] = account.id;
      const { outcomes, changeSet } = await call(api.records.write, {
        body: { changes: [{ op: 'create', object: object.name, set }], atomic: false },
      });
      if (outcomes[0]?.status === 'applied') {
        setText('');
        setDay('');
        done(t('interaction-saved'), changeSet);
      } else setProblem(outcomes[0]?.issues?.[0]?.message);
    } catch (error) {
      toasts.error(sentence(error));
    }
    setSaving(false);
  };

  return (
    <form
      className="xk-note"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <textarea
        ref={box}
        className="xk-plain-input"
        rows={1}
        aria-label={t('add-interaction')}
        placeholder={t('interaction-placeholder')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save();
        }}
      />
      {problem && (
        <p className="xk-field-invalid" role="alert">
          {problem}
        </p>
      )}
      {text !== '' && (
        <div className="xk-note-row">
          {kind && (
            <select
              className="xk-plain-input"
              aria-label={label(kind.label)}
              value={how}
              onChange={(event) => setHow(event.target.value)}
            >
              {(kind.options ?? [])
                .filter((option) => !option.retired)
                .map((option) => (
                  <option key={option.value} value={option.value}>
                    {option.label[lang]}
                  </option>
                ))}
            </select>
          )}
          {next && (
            <span className="xk-note-next">
              <label htmlFor="note-next">{label(next.label)}</label>
              <input
                id="note-next"
                className="xk-plain-input"
                type="date"
                value={day}
                onChange={(event) => setDay(event.target.value)}
              />
            </span>
          )}
          <Button size="small" type="primary" htmlType="submit" loading={saving}>
            {t('send')}
          </Button>
        </div>
      )}
    </form>
  );
}
