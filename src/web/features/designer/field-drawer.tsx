import { App, Button, Checkbox, Drawer, Input, InputNumber, Select, Switch } from 'antd';
import { useState } from 'react';
import { fill } from '../../../domain/issue.ts';
import { usuallyEncrypted } from '../../../domain/schema/encryption.ts';
import { resultOf } from '../../../domain/schema/rollups.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel, useLang, useText } from '../../i18n/core.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { intervalOf, rateOf } from './check-interval.ts';
import { useDesigner } from './designer-api.ts';
import { EncryptionSetting } from './encryption-setting.tsx';
import {
  canBecome,
  draftIssues,
  draftOf,
  emptyDraft,
  type FieldInput,
  finished,
  patchOf,
  pointingAt,
  settingsIn,
} from './field-draft.ts';
import { bothUnlessTranslated, Setting, TypeSettings } from './field-settings.tsx';
import { type ConditionEditor, RollupSetting } from './rollup-setting.tsx';
import { useDesignerText } from './texts.ts';
import { TypePicker } from './type-picker.tsx';

const LEVELS = ['public', 'internal', 'personal', 'sensitive'] as const;
const priorities = ['high', 'middle', 'low'] as const;
type ProblemCode =
  | 'label-missing'
  | 'label-taken'
  | 'options-missing'
  | 'option-double'
  | 'target-missing'
  | 'tree-missing'
  | 'range-turned'
  | 'pattern-bad'
  | 'rollup-of-missing'
  | 'rollup-field-missing'
  | 'rollup-by-missing';

/** One field, new or there already. Nothing is written until saved. */
export function FieldDrawer({
  object,
  field,
  conditions,
  onClose,
}: {
  object: ObjectDef;
  field: FieldDef | null;
  conditions: ConditionEditor;
  onClose: () => void;
}) {
  const t = useDesignerText();
  const words = useText();
  const label = useLabel();
  const lang = useLang();
  const toasts = useToasts();
  const { modal } = App.useApp();
  const designer = useDesigner();
  const { objects } = useCatalog();
  const [draft, setDraft] = useState<FieldInput>(() => (field ? draftOf(field) : emptyDraft()));
  const [start] = useState(draft);
  const [tried, setTried] = useState(false);
  const change = (next: Partial<FieldInput>) => setDraft((now) => ({ ...now, ...next }));
  const issues = draftIssues(
    draft,
    object.fields.filter((other) => other.name !== field?.name),
  );
  const problem = (name: string): string | null => {
    const issue = tried ? issues.find((one) => one.field === name) : undefined;
    return issue ? fill(t(issue.code as ProblemCode), issue.params) : null;
  };
  const saving = designer.createField.isPending || designer.updateField.isPending;
  const changed = JSON.stringify(start) !== JSON.stringify(draft);
  const name = label(field?.label);

  const save = () => {
    setTried(true);
    if (issues.length > 0) return;
    const ready = finished(draft);
    if (!field) {
      designer.createField.mutate(
        { object: object.name, body: ready },
        {
          onSuccess: () => {
            toasts.success(t('field-created', { field: ready.label[lang] }));
            onClose();
          },
        },
      );
      return;
    }
    const body = patchOf(field, ready);
    if (Object.keys(body).length === 0) return onClose();
    designer.updateField.mutate(
      { object: object.name, field: field.name, body },
      {
        onSuccess: () => {
          toasts.success(t('field-saved', { field: ready.label[lang] }));
          onClose();
        },
      },
    );
  };
  const retire = () =>
    field &&
    modal.confirm({
      title: t('retire-field-ask', { field: name }),
      content: t('retire-field-hint'),
      okText: t('retire'),
      okButtonProps: { danger: true },
      cancelText: words('cancel'),
      onOk: async () => {
        await designer.updateField.mutateAsync({ object: object.name, field: field.name, body: { retired: true } });
        toasts.undoable(t('field-retired', { field: name }), () =>
          designer.updateField.mutate({ object: object.name, field: field.name, body: { retired: false } }),
        );
        onClose();
      },
    });
  const close = () =>
    changed
      ? modal.confirm({
          title: t('unsaved-ask'),
          okText: t('unsaved-discard'),
          cancelText: t('unsaved-stay'),
          onOk: onClose,
        })
      : onClose();
  const settings = settingsIn(draft);
  const pointing = pointingAt(objects, object.name);

  return (
    <Drawer
      open
      size={520}
      title={field ? t('edit-field', { field: name }) : t('new-field')}
      onClose={close}
      footer={
        <div className="xk-drawer-foot">
          {field && (
            <Button type="text" danger onClick={retire}>
              {t('retire')}
            </Button>
          )}
          <span />
          <Button onClick={close}>{words('cancel')}</Button>
          <Button type="primary" loading={saving} onClick={save}>
            {field ? words('save') : t('create')}
          </Button>
        </div>
      }
    >
      <form
        className="xk-designer-form"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <div className="xk-settings-row">
          <Setting label={t('label-zh')} problem={problem('label')}>
            {(id) => (
              <Input
                id={id}
                autoFocus={!field}
                maxLength={60}
                value={draft.label.zh}
                onChange={(event) => change({ label: { ...draft.label, zh: event.target.value } })}
              />
            )}
          </Setting>
          <Setting label={t('label-en')} hint={t('label-en-hint')}>
            {(id) => (
              <Input
                id={id}
                maxLength={60}
                value={draft.label.en}
                onChange={(event) => change({ label: { ...draft.label, en: event.target.value } })}
              />
            )}
          </Setting>
        </div>
        <section>
          <h3>{t('type')}</h3>
          {field && <p className="xk-muted">{t(field.rollup ? 'rollup-fixed-hint' : 'type-fixed')}</p>}
          {!field?.rollup && (
            <TypePicker
              value={draft.rollup ? 'rollup' : draft.type}
              allowed={field ? canBecome(field.type) : null}
              rollups={!field && pointing.length > 0}
              onChange={(type) =>
                type === 'rollup'
                  ? change({ type: 'number', encrypted: undefined, rollup: { of: '', via: '', fn: 'count' } })
                  : change({
                      type,
                      rollup: undefined,
                      ...(!field && { encrypted: usuallyEncrypted(type) || undefined }),
                    })
              }
            />
          )}
        </section>
        {draft.rollup ? (
          <RollupSetting
            rollup={draft.rollup}
            pointing={pointing}
            before={field?.rollup ?? null}
            conditions={conditions}
            problem={problem('rollup')}
            onChange={(rollup) => change({ rollup, type: resultOf(rollup, objects).type })}
          />
        ) : (
          <TypeSettings draft={draft} before={field} problem={problem} onChange={change} />
        )}
        <section className="xk-rules-list">
          <h3>{t('rules')}</h3>
          {settings.includes('required') && (
            <Checkbox
              checked={draft.required === true}
              onChange={(event) => change({ required: event.target.checked })}
            >
              {t('required')} <span className="xk-muted">{t('required-hint')}</span>
            </Checkbox>
          )}
          {settings.includes('unique') && (
            <Checkbox checked={draft.unique === true} onChange={(event) => change({ unique: event.target.checked })}>
              {t('unique')} <span className="xk-muted">{t('unique-hint')}</span>
            </Checkbox>
          )}
          {settings.includes('open') && (
            <Checkbox checked={draft.open === true} onChange={(event) => change({ open: event.target.checked })}>
              {t('open')}
            </Checkbox>
          )}
        </section>
        <section className="xk-rules-list">
          <h3>{t('privacy')}</h3>
          <Setting label={t('sensitivity')} hint={t('sensitivity-hint')}>
            {(id) => (
              <Select
                id={id}
                value={draft.sensitivity ?? 'internal'}
                onChange={(sensitivity) => change({ sensitivity })}
                options={LEVELS.map((value) => ({ value, label: t(`level-${value}`) }))}
              />
            )}
          </Setting>
          {!draft.rollup && <EncryptionSetting object={object} field={field} draft={draft} onChange={change} />}
        </section>
        {!draft.rollup && (
          <section className="xk-rules-list">
            <h3>{t('freshness')}</h3>
            <label className="xk-switch-line" htmlFor="field-tracked">
              <Switch id="field-tracked" checked={draft.tracked === true} onChange={(tracked) => change({ tracked })} />
              <span>
                {t('tracked-label')} <span className="xk-muted">{t('tracked-hint')}</span>
              </span>
            </label>
            {draft.tracked && (
              <div className="xk-settings-row">
                <Setting label={t('priority')}>
                  {(id) => (
                    <Select
                      id={id}
                      value={draft.priority ?? 'middle'}
                      onChange={(priority) => change({ priority })}
                      options={priorities.map((value) => ({ value, label: t(value) }))}
                    />
                  )}
                </Setting>
                <Setting label={t('check-every')}>
                  {(id) => (
                    <InputNumber
                      id={id}
                      min={1}
                      max={3650}
                      precision={0}
                      suffix={t('check-days')}
                      value={draft.decay ? intervalOf(draft.decay.rate) : null}
                      onChange={(days) =>
                        change({ decay: days === null ? undefined : { rate: rateOf(days), source: 'designer' } })
                      }
                    />
                  )}
                </Setting>
                <p className="xk-muted xk-setting-note">{t('check-hint')}</p>
              </div>
            )}
          </section>
        )}
        {settings.includes('default') && draft.type !== 'boolean' && (
          <Setting label={t('default')}>
            {(id) =>
              settings.includes('options') ? (
                <Select
                  id={id}
                  allowClear
                  value={typeof draft.default === 'string' ? draft.default : null}
                  onChange={(value: string | null) => change({ default: value ?? undefined })}
                  options={(draft.options ?? [])
                    .filter((option) => !option.retired)
                    .map((option) => ({ value: option.value, label: label(option.label) }))}
                />
              ) : (
                <Input
                  id={id}
                  value={draft.default === undefined || draft.default === null ? '' : String(draft.default)}
                  onChange={(event) => change({ default: event.target.value === '' ? undefined : event.target.value })}
                />
              )
            }
          </Setting>
        )}
        <Setting label={t('help')} hint={t('help-hint')}>
          {(id) => (
            <Input
              id={id}
              maxLength={200}
              value={draft.help?.[lang] ?? ''}
              onChange={(event) =>
                change({
                  help:
                    event.target.value === '' ? undefined : bothUnlessTranslated(draft.help, lang, event.target.value),
                })
              }
            />
          )}
        </Setting>
        <Setting label={t('aliases')} hint={t('aliases-hint')}>
          {(id) => (
            <Select
              id={id}
              mode="tags"
              open={false}
              suffixIcon={null}
              value={draft.aliases ?? []}
              onChange={(aliases: string[]) => change({ aliases: aliases.map((one) => one.toLowerCase().trim()) })}
            />
          )}
        </Setting>
        <button type="submit" hidden />
      </form>
    </Drawer>
  );
}
