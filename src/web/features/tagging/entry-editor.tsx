import { Button, Drawer } from 'antd';
import { useId, useState } from 'react';
import type { TagEntryInput } from '../../../contract/tagging.ts';
import { useObject } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Choice, Row } from '../../ui/form-parts.tsx';
import { useTagNames } from './tagging-api.ts';
import { useTaggingText } from './texts.ts';
import { TryBox } from './try-box.tsx';

const MONTHS = [0, 1, 2, 3, 6, 12, 24, 36];

/** One tag: what it is called, which phrases set it, how long it lives. It can be tried before it is saved. */
export function EntryEditor({
  entry: given,
  isNew,
  fields,
  saving,
  onClose,
  onSave,
  onRemove,
}: {
  entry: TagEntryInput;
  isNew: boolean;
  fields: string[];
  saving: boolean;
  onClose(): void;
  onSave(entry: TagEntryInput): void;
  onRemove(): void;
}) {
  const t = useTaggingText();
  const names = useTagNames();
  const label = useLabel();
  const customer = useObject('customer');
  const [entry, setEntry] = useState(given);
  const [phrases, setPhrases] = useState(given.phrases.join('\n'));
  const [except, setExcept] = useState(given.except.join('\n'));
  const ids = [useId(), useId(), useId()];
  const set = (patch: Partial<TagEntryInput>) => setEntry({ ...entry, ...patch });
  const options = (customer?.fields.find(({ name }) => name === entry.field)?.options ?? []).filter(
    ({ retired }) => !retired,
  );
  const { becomes: _, ...ending } = entry;
  const whole = { ...entry, tag: entry.tag.trim(), phrases: linesOf(phrases), except: linesOf(except) };
  const months = MONTHS.includes(entry.months ?? 0) ? MONTHS : [...MONTHS, entry.months ?? 0];
  return (
    <Drawer
      open
      size={560}
      title={isNew ? t('new-title') : t('edit-title')}
      onClose={onClose}
      footer={
        <div className="xk-tagging-foot">
          {!isNew && (
            <Button danger onClick={onRemove}>
              {t('remove')}
            </Button>
          )}
          <span />
          <Button type="primary" loading={saving} disabled={whole.tag === ''} onClick={() => onSave(whole)}>
            {t('save')}
          </Button>
        </div>
      }
    >
      <Choice
        label={t('field')}
        value={entry.field}
        options={fields.map((name) => [name, names.field(name)])}
        onChange={(field) => setEntry({ ...ending, field })}
      />
      <Row id={ids[0] ?? ''} label={t('tag')}>
        <input
          id={ids[0]}
          className="xk-plain-input"
          list={`${ids[0]}-options`}
          maxLength={60}
          placeholder={t('tag-example')}
          value={names.tag(entry.field, entry.tag, entry.label)}
          onChange={({ target }) => {
            const known = options.find((one) => label(one.label) === target.value);
            const { label: __, ...rest } = entry;
            setEntry({ ...rest, tag: known?.value ?? target.value });
          }}
        />
        <datalist id={`${ids[0]}-options`}>
          {options.map((option) => (
            <option key={option.value} value={label(option.label)} />
          ))}
        </datalist>
      </Row>
      <Row id={ids[1] ?? ''} label={t('phrases')} hint={t('phrases-hint')}>
        <textarea
          id={ids[1]}
          className="xk-plain-input"
          rows={8}
          value={phrases}
          onChange={({ target }) => setPhrases(target.value)}
        />
      </Row>
      <Row id={ids[2] ?? ''} label={t('except')} hint={t('except-hint')}>
        <textarea
          id={ids[2]}
          className="xk-plain-input"
          rows={3}
          value={except}
          onChange={({ target }) => setExcept(target.value)}
        />
      </Row>
      <Choice
        label={t('months')}
        value={String(entry.months ?? 0)}
        options={months.map((n) => [String(n), n === 0 ? t('months-0') : t('months-n', { n })])}
        onChange={(value) => (value === '0' ? setEntry({ ...ending, months: null }) : set({ months: Number(value) }))}
      />
      {entry.months !== null && (
        <Choice
          label={t('at-end')}
          value={entry.becomes ?? ''}
          options={[
            ['', t('then-none')],
            ...options
              .filter(({ value }) => value !== entry.tag)
              .map((option): [string, string] => [option.value, t('then-tag', { tag: label(option.label) })]),
          ]}
          onChange={(becomes) => (becomes === '' ? setEntry(ending) : set({ becomes }))}
        />
      )}
      <label className="xk-check xk-tagging-below">
        <input
          type="checkbox"
          checked={entry.off === true}
          onChange={({ target }) => set({ off: target.checked || undefined })}
        />
        {t('disabled')}
      </label>
      <h3 className="xk-tagging-try-head">{t('try')}</h3>
      <TryBox entry={whole.tag === '' ? { ...whole, tag: '—' } : whole} />
    </Drawer>
  );
}

const linesOf = (text: string): string[] =>
  text
    .split(/[\n;；]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
