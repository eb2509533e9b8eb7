import { ArrowDownOutlined, ArrowUpOutlined, CloseOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { type SelectOption, STAGE_KINDS, type StageSetting } from '../../../domain/schema/types.ts';
import { useLang } from '../../i18n/core.ts';
import { optionFrom } from './field-draft.ts';
import { moved } from './reorder.ts';
import { useDesignerText } from './texts.ts';

/** Options of a choice. Renaming keeps the stored key, so old records follow; removing retires, so they keep their value. */
export function OptionEditor({
  options,
  saved,
  stages = false,
  onChange,
}: {
  options: SelectOption[];
  /** Stored keys that records may have; others were added just now and can simply go. */
  saved: ReadonlySet<string>;
  /** Each is a step with a chance. */
  stages?: boolean;
  onChange: (options: SelectOption[]) => void;
}) {
  const t = useDesignerText();
  const lang = useLang();
  const [text, setText] = useState('');
  const live = options.filter((option) => !option.retired);
  const retired = options.filter((option) => option.retired);
  const change = (value: string, next: Partial<SelectOption>) =>
    onChange(options.map((option) => (option.value === value ? { ...option, ...next } : option)));
  const remove = (value: string) =>
    saved.has(value) ? change(value, { retired: true }) : onChange(options.filter((option) => option.value !== value));
  const move = (from: number, to: number) => onChange([...moved(live, from, to), ...retired]);
  const add = () => {
    // Several at once: pasted from a column of a spreadsheet.
    const names = text
      .split(/[\n\t,，、;；]+/)
      .map((one) => one.trim())
      .filter((one) => one !== '');
    let all = options;
    for (const name of names) all = [...all, optionFrom(name, all)];
    if (names.length > 0) onChange(all);
    setText('');
  };
  return (
    <div className="xk-options">
      <ol>
        {live.map((option, index) => (
          <li key={option.value}>
            <Input
              aria-label={t('option-name')}
              value={option.label[lang]}
              maxLength={100}
              onChange={(event) =>
                change(option.value, {
                  // An untranslated option keeps one name in both languages.
                  label:
                    option.label.zh === option.label.en
                      ? { zh: event.target.value, en: event.target.value }
                      : { ...option.label, [lang]: event.target.value },
                })
              }
            />
            {stages && (
              <StageEditor
                name={option.label[lang]}
                stage={option.stage ?? { kind: 'open', probability: 0 }}
                onChange={(stage) => change(option.value, { stage })}
              />
            )}
            <Button
              type="text"
              icon={<ArrowUpOutlined />}
              disabled={index === 0}
              aria-label={t('move-up', { field: option.label[lang] })}
              onClick={() => move(index, index - 1)}
            />
            <Button
              type="text"
              icon={<ArrowDownOutlined />}
              disabled={index === live.length - 1}
              aria-label={t('move-down', { field: option.label[lang] })}
              onClick={() => move(index, index + 1)}
            />
            <Button
              type="text"
              icon={<CloseOutlined />}
              aria-label={t('option-remove', { option: option.label[lang] })}
              onClick={() => remove(option.value)}
            />
          </li>
        ))}
      </ol>
      <div className="xk-option-add">
        <Input
          aria-label={t('add-option')}
          placeholder={t('add-option')}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onPressEnter={(event) => {
            event.preventDefault();
            if (!event.nativeEvent.isComposing) add();
          }}
          onBlur={add}
        />
        <Button icon={<PlusOutlined />} aria-label={t('add-option')} onClick={add} />
      </div>
      {retired.length > 0 && (
        <div className="xk-options-retired">
          <small className="xk-muted">{t('option-retired')}</small>
          {retired.map((option) => (
            <span key={option.value}>
              <del>{option.label[lang]}</del>
              <Button type="link" size="small" onClick={() => change(option.value, { retired: false })}>
                {t('option-back')}
              </Button>
            </span>
          ))}
        </div>
      )}
    </div>
  );
}

/** What being at a step means: still open, with what chance of a good end; or how it ended. */
function StageEditor({
  name,
  stage,
  onChange,
}: {
  name: string;
  stage: StageSetting;
  onChange(next: StageSetting): void;
}) {
  const t = useDesignerText();
  const sure = { won: 1, lost: 0 } as const;
  return (
    <>
      <Select
        className="xk-stage-kind"
        aria-label={t('stage-kind-of', { option: name })}
        value={stage.kind}
        onChange={(kind) => onChange({ kind, probability: kind === 'open' ? stage.probability : sure[kind] })}
        options={STAGE_KINDS.map((value) => ({ value, label: t(`stage-${value}`) }))}
      />
      <InputNumber
        className="xk-stage-chance"
        aria-label={t('stage-chance-of', { option: name })}
        min={0}
        max={100}
        precision={0}
        suffix="%"
        disabled={stage.kind !== 'open'}
        value={Math.round(stage.probability * 100)}
        onChange={(percent) => onChange({ ...stage, probability: (percent ?? 0) / 100 })}
      />
    </>
  );
}
