import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Drawer } from 'antd';
import { useState } from 'react';
import type { ServiceClock } from '../../../contract/service.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { useCatalog } from '../../api/query.ts';
import type { ConditionTools } from '../../fields/condition-tools.ts';
import { useLabel } from '../../i18n/core.ts';
import { Choice, NumberBox, Part, TextBox } from '../../ui/form-parts.tsx';
import { useServiceText } from './texts.ts';

const ENTERED = '';

/** One clock: what it is of, when it runs, and how long there is. */
export function ClockDrawer({
  clock,
  tools: { Editor },
  saving,
  onSave,
  onRemove,
  onClose,
}: {
  /** null: a new one. */
  clock: ServiceClock | null;
  tools: ConditionTools;
  saving: boolean;
  onSave(clock: ServiceClock): void;
  onRemove(id: string): void;
  onClose(): void;
}) {
  const t = useServiceText();
  const label = useLabel();
  const objects = useCatalog().objects.filter(({ retired, appendOnly }) => !retired && !appendOnly);
  const [draft, setDraft] = useState<ServiceClock>(
    () => clock ?? newClock(objects.find(({ name }) => name === 'ticket')?.name ?? objects[0]?.name ?? ''),
  );
  const set = (patch: Partial<ServiceClock>) => setDraft({ ...draft, ...patch });
  const object = objects.find(({ name }) => name === draft.object);
  const moments = (object?.fields ?? []).filter(
    ({ type, retired, encrypted }) => type === 'datetime' && !retired && !encrypted,
  );
  const named = moments.map(({ name, label: words }): [string, string] => [name, label(words)]);
  const dues = named.filter(([name]) => !moments.find((field) => field.name === name)?.readonly);
  const place = (n: number, patch: Partial<ServiceClock['targets'][number]>) =>
    set({ targets: draft.targets.map((target, at) => (at === n ? { ...target, ...patch } : target)) });
  const ready = draft.name.zh.trim() !== '' && draft.due !== '' && isSaid(draft.done);
  return (
    <Drawer
      open
      size={560}
      title={clock ? t('edit', { name: label(clock.name) }) : t('clock-new')}
      onClose={onClose}
      footer={
        <div className="xk-drawer-foot">
          {clock && (
            <Button type="text" danger onClick={() => onRemove(clock.id)}>
              {t('remove')}
            </Button>
          )}
          <span />
          <Button
            type="primary"
            loading={saving}
            disabled={!ready}
            onClick={() =>
              onSave({ ...draft, name: { zh: draft.name.zh.trim(), en: draft.name.en.trim() || draft.name.zh.trim() } })
            }
          >
            {t('save')}
          </Button>
        </div>
      }
    >
      <div className="xk-clock-form">
        <TextBox
          label={t('name')}
          value={draft.name.zh}
          max={60}
          onChange={(zh) => set({ name: { ...draft.name, zh } })}
        />
        <TextBox
          label={t('name-en')}
          value={draft.name.en}
          max={60}
          onChange={(en) => set({ name: { ...draft.name, en } })}
        />
        {!clock && (
          <Choice
            label={t('object')}
            value={draft.object}
            options={objects.map(({ name, label: words }) => [name, label(words)])}
            onChange={(next) => setDraft({ ...newClock(next), id: draft.id, name: draft.name })}
          />
        )}
        <Choice
          label={t('start')}
          value={draft.start ?? ENTERED}
          options={[[ENTERED, t('start-entered')], ...named.filter(([name]) => name !== draft.due)]}
          onChange={(start) => {
            const { start: _, ...rest } = draft;
            setDraft(start === ENTERED ? rest : { ...rest, start });
          }}
        />
        <Choice label={t('due')} value={draft.due} options={[['', '—'], ...dues]} onChange={(due) => set({ due })} />
        {object && (
          <>
            <Part title={t('done')}>
              <Editor
                object={object}
                own
                label={t('done')}
                filter={isSaid(draft.done) ? (draft.done as Filter) : undefined}
                onChange={(done) => set({ done: (done ?? NOTHING) as ServiceClock['done'] })}
              />
            </Part>
            <Part title={t('pause')} hint={t('pause-hint')}>
              <Editor
                object={object}
                own
                label={t('pause')}
                filter={draft.pause as Filter | undefined}
                onChange={(pause) => {
                  const { pause: _, ...rest } = draft;
                  setDraft(pause ? { ...rest, pause: pause as ServiceClock['done'] } : rest);
                }}
              />
            </Part>
            <Part title={t('targets')} hint={t('targets-hint')}>
              <ul className="xk-clock-edit">
                {draft.targets.map((target, n) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: targets are known by their place
                  <li key={n}>
                    <Editor
                      object={object}
                      own
                      label={t('target-if', { n: n + 1 })}
                      filter={target.if as Filter | undefined}
                      onChange={(next) => {
                        const { if: _, ...rest } = target;
                        const changed = next ? { ...rest, if: next as ServiceClock['done'] } : rest;
                        set({ targets: draft.targets.with(n, changed) });
                      }}
                    />
                    <span className="xk-clock-hours">
                      {!target.if && <span className="xk-muted">{t('target-rest')}</span>}
                      <input
                        type="number"
                        className="xk-plain-input"
                        min={0.5}
                        max={10_000}
                        step={0.5}
                        aria-label={t('target-hours')}
                        value={target.minutes / 60}
                        onChange={({ target: box }) =>
                          place(n, { minutes: Math.max(1, Math.round((box.valueAsNumber || 0) * 60)) })
                        }
                      />
                      {t('target-hours')}
                      {draft.targets.length > 1 && (
                        <Button
                          type="text"
                          size="small"
                          icon={<DeleteOutlined />}
                          aria-label={t('target-remove', { n: n + 1 })}
                          onClick={() => set({ targets: draft.targets.toSpliced(n, 1) })}
                        />
                      )}
                    </span>
                  </li>
                ))}
              </ul>
              <Button
                size="small"
                icon={<PlusOutlined />}
                onClick={() => set({ targets: [...draft.targets, { minutes: 480 }] })}
              >
                {t('target-add')}
              </Button>
            </Part>
          </>
        )}
        <NumberBox
          label={t('near')}
          min={0}
          max={1000}
          value={Math.round(draft.near / 60)}
          onChange={(hours) => set({ near: hours * 60 })}
        />
      </div>
    </Drawer>
  );
}

const NOTHING = { field: '', op: 'empty' } as const;
const isSaid = (filter: ServiceClock['done']): boolean => !('field' in filter) || filter.field !== '';

const newClock = (object: string): ServiceClock => ({
  id: crypto.randomUUID(),
  name: { zh: '', en: '' },
  object,
  due: '',
  done: NOTHING,
  targets: [{ minutes: 480 }],
  near: 60,
});
