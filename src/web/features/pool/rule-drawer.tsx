import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Drawer } from 'antd';
import { useRef, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { PoolRule } from '../../../contract/pool.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useCatalog } from '../../api/query.ts';
import type { ConditionTools } from '../../fields/condition-tools.ts';
import { useLabel } from '../../i18n/core.ts';
import { Choice, NumberBox, Part, TextBox } from '../../ui/form-parts.tsx';
import { usePoolText } from './texts.ts';

type Condition = NonNullable<PoolRule['if']>;

/** One rule: what goes back when, and what it would do. */
export function RuleDrawer({
  rule,
  tools: { Editor },
  saving,
  onSave,
  onRemove,
  onClose,
}: {
  /** null: a new one. */
  rule: PoolRule | null;
  tools: ConditionTools;
  saving: boolean;
  onSave(rule: PoolRule): void;
  onRemove(id: string): void;
  onClose(): void;
}) {
  const t = usePoolText();
  const label = useLabel();
  const all = useCatalog().objects.filter(({ retired }) => !retired);
  const objects = all.filter(({ owner }) => owner);
  const [draft, setDraft] = useState<PoolRule>(() => rule ?? newRule(all, 'customer'));
  const set = (patch: Partial<PoolRule>) => {
    setDraft({ ...draft, ...patch });
    preview.reset();
  };
  const object = objects.find(({ name }) => name === draft.object);
  const contacts = contactsOf(all, draft.object);
  const by = contacts.find(({ of, via }) => of.name === draft.by?.object && via === draft.by.of);
  const moments = (by?.of.fields ?? []).filter(
    ({ type, retired }) => (type === 'datetime' || type === 'date') && !retired,
  );
  const told = useRef<HTMLDivElement>(null);
  const preview = useMutation({
    // With days of warning nothing goes back before they have passed.
    mutationFn: () => call(api.pool.preview, { body: { rule: named, days: ahead } }),
    onSettled: () => told.current?.scrollIntoView({ block: 'nearest' }),
  });
  const ahead = Math.max(1, draft.warn);
  const named = { ...draft, name: draft.name.trim() || t('rule-new') };
  const some = (preview.data?.records ?? []).slice(0, 5).map(({ title, ownerName }) => `${title}（${ownerName}）`);
  const ready = draft.name.trim() !== '' && (draft.kind === 'silent' ? by !== undefined : draft.until !== undefined);
  const condition = (key: 'if' | 'except' | 'until', title: string, hint?: string) =>
    object && (
      <Part title={title} {...(hint !== undefined && { hint })}>
        <Editor
          object={object}
          own={false}
          label={title}
          filter={draft[key] as Filter | undefined}
          onChange={(next) => {
            const { [key]: _, ...rest } = draft;
            setDraft(next ? { ...rest, [key]: next as Condition } : rest);
            preview.reset();
          }}
        />
      </Part>
    );
  return (
    <Drawer
      open
      size={560}
      title={rule ? t('rule-edit', { name: rule.name }) : t('rule-new')}
      onClose={onClose}
      footer={
        <div className="xk-drawer-foot">
          {rule && (
            <Button type="text" danger onClick={() => onRemove(rule.id)}>
              {t('rule-remove')}
            </Button>
          )}
          <span />
          <Button loading={preview.isPending} disabled={!ready} onClick={() => preview.mutate()}>
            {t('preview')}
          </Button>
          <Button type="primary" loading={saving} disabled={!ready} onClick={() => onSave(named)}>
            {t('save')}
          </Button>
        </div>
      }
    >
      <div className="xk-pool-rule">
        <div aria-live="polite" ref={told}>
          {preview.error && <Alert type="error" showIcon title={sentence(preview.error)} />}
          {preview.data && (
            <Alert
              type="info"
              showIcon
              title={
                preview.data.count === 0
                  ? t('preview-none', { days: ahead })
                  : draft.warn > 0
                    ? t('preview-soon', { days: ahead, n: preview.data.count })
                    : t('preview-some', { n: preview.data.count })
              }
              description={some.length > 0 && t('preview-names', { names: some.join(t('comma')) })}
            />
          )}
        </div>
        <TextBox label={t('name')} value={draft.name} max={80} onChange={(name) => set({ name })} />
        {!rule && (
          <Choice
            label={t('object')}
            value={draft.object}
            options={objects.map(({ name, label: words }) => [name, label(words)])}
            onChange={(name) => setDraft({ ...newRule(all, name), id: draft.id, name: draft.name })}
          />
        )}
        <Choice
          label={t('kind')}
          value={draft.kind}
          options={(['silent', 'still'] as const).map((kind) => [kind, t(`kind-${kind}`)])}
          onChange={(kind) => set({ kind: kind === 'still' ? 'still' : 'silent' })}
        />
        {draft.kind === 'silent' && (
          <>
            <Choice
              label={t('by')}
              value={by ? `${by.of.name} ${by.via}` : ''}
              options={[
                ...(by ? [] : [['', '—'] as [string, string]]),
                ...contacts.map(({ of, via, relation }): [string, string] => [
                  `${of.name} ${via}`,
                  t('by-option', { object: label(of.label), relation: label(relation) }),
                ]),
              ]}
              onChange={(key) => {
                const [name = '', of = ''] = key.split(' ');
                set({ by: { object: name, of } });
              }}
            />
            {by && (
              <Choice
                label={t('at')}
                value={draft.by?.at ?? ''}
                options={[
                  ['', t('at-entered')],
                  ...moments.map(({ name, label: words }): [string, string] => [name, label(words)]),
                ]}
                onChange={(at) => set({ by: { object: by.of.name, of: by.via, ...(at && { at }) } })}
              />
            )}
          </>
        )}
        {draft.kind === 'still' && condition('until', t('until'))}
        <NumberBox label={t('days')} min={1} max={1500} value={draft.days} onChange={(days) => set({ days })} />
        <NumberBox
          label={t('warn')}
          hint={t('warn-hint')}
          min={0}
          max={90}
          value={draft.warn}
          onChange={(warn) => set({ warn })}
        />
        {condition('if', t('if'), t('if-hint'))}
        {condition('except', t('except'))}
      </div>
    </Drawer>
  );
}

/** What can be contact: records that point to this object. */
function contactsOf(objects: readonly ObjectDef[], name: string) {
  return objects.flatMap((of) =>
    of.fields
      .filter(({ type, target, retired }) => type === 'relation' && target === name && !retired)
      .map(({ name: via, label: relation }) => ({ of, via, relation })),
  );
}

function newRule(objects: readonly ObjectDef[], object: string): PoolRule {
  const contacts = contactsOf(objects, object);
  const usual = contacts.find(({ of }) => of.appendOnly) ?? contacts[0];
  const at = usual?.of.fields.find(({ type, required }) => type === 'datetime' && required)?.name;
  return {
    id: crypto.randomUUID(),
    name: '',
    object,
    kind: usual ? 'silent' : 'still',
    days: 30,
    warn: 7,
    ...(usual && { by: { object: usual.of.name, of: usual.via, ...(at !== undefined && { at }) } }),
  };
}
