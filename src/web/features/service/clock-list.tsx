import { EditOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Switch } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { ServiceClock } from '../../../contract/service.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { useCatalog } from '../../api/query.ts';
import type { ConditionTools } from '../../fields/condition-tools.ts';
import { useLabel } from '../../i18n/core.ts';
import { Card, EmptyState } from '../../ui/page.tsx';
import { useSaveClocks } from './service-api.ts';
import { useServiceText } from './texts.ts';

const ClockDrawer = lazy(async () => ({ default: (await import('./clock-drawer.tsx')).ClockDrawer }));

/** Clocks in words, each with its switch. */
export function ClockList({
  clocks,
  editable,
  tools,
}: {
  clocks: ServiceClock[];
  editable: boolean;
  tools: ConditionTools;
}) {
  const t = useServiceText();
  const label = useLabel();
  const { objects } = useCatalog();
  const [editing, setEditing] = useState<ServiceClock | 'new' | null>(null);
  const save = useSaveClocks(() => setEditing(null));
  const put = (clock: ServiceClock) =>
    save.mutate(
      clocks.some(({ id }) => id === clock.id)
        ? clocks.map((one) => (one.id === clock.id ? clock : one))
        : [...clocks, clock],
    );
  return (
    <Card
      title={t('tab-clocks')}
      extra={
        editable && (
          <Button icon={<PlusOutlined />} onClick={() => setEditing('new')}>
            {t('add')}
          </Button>
        )
      }
    >
      {clocks.length === 0 && <EmptyState title={t('no-clocks')} />}
      <ul className="xk-clocks">
        {clocks.map((clock) => {
          const object = objects.find(({ name }) => name === clock.object);
          const name = label(clock.name);
          return (
            <li key={clock.id} className={clock.off ? 'xk-clock-off' : undefined}>
              {editable && (
                <Switch
                  size="small"
                  checked={!clock.off}
                  aria-label={t('on', { name })}
                  onChange={(on) => put({ ...clock, off: !on })}
                />
              )}
              <div>
                <strong>
                  {object && label(object.label)} · {name}
                </strong>
                {object && <ClockWords clock={clock} object={object} tools={tools} />}
              </div>
              {editable && (
                <Button
                  type="text"
                  size="small"
                  icon={<EditOutlined />}
                  aria-label={t('edit', { name })}
                  onClick={() => setEditing(clock)}
                />
              )}
            </li>
          );
        })}
      </ul>
      <Suspense fallback={null}>
        {editing && (
          <ClockDrawer
            clock={editing === 'new' ? null : editing}
            tools={tools}
            saving={save.isPending}
            onSave={put}
            onRemove={(id) => save.mutate(clocks.filter((one) => one.id !== id))}
            onClose={() => setEditing(null)}
          />
        )}
      </Suspense>
    </Card>
  );
}

const hours = (minutes: number): string => String(Math.round(minutes / 6) / 10);

function ClockWords({
  clock,
  object,
  tools: { Words },
}: {
  clock: ServiceClock;
  object: ObjectDef;
  tools: ConditionTools;
}) {
  const t = useServiceText();
  const label = useLabel();
  const due = object.fields.find(({ name }) => name === clock.due);
  return (
    <>
      <ul className="xk-clock-targets">
        {clock.targets.map((target, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: targets are known by their place
          <li key={n}>
            {target.if ? <Words object={object} filter={target.if as Filter} /> : t('rest')}
            {t('colon')}
            <strong>{t('within', { hours: hours(target.minutes) })}</strong>
          </li>
        ))}
      </ul>
      <p className="xk-muted">
        {t('done-when')}
        <Words object={object} filter={clock.done as Filter} />
        {clock.pause && (
          <>
            {' · '}
            {t('pauses-while')}
            <Words object={object} filter={clock.pause as Filter} />
          </>
        )}
        {' · '}
        {t('writes-to', { field: due ? label(due.label) : clock.due })}
      </p>
    </>
  );
}
