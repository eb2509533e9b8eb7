import { EditOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Switch } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { PoolRule, PoolSettings, Pools } from '../../../contract/pool.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { useCatalog } from '../../api/query.ts';
import type { ConditionTools } from '../../fields/condition-tools.ts';
import { useLabel } from '../../i18n/core.ts';
import { NumberBox, Ticks } from '../../ui/form-parts.tsx';
import { Card } from '../../ui/page.tsx';
import { useSavePools } from './pool-api.ts';
import { usePoolText } from './texts.ts';

const RuleDrawer = lazy(async () => ({ default: (await import('./rule-drawer.tsx')).RuleDrawer }));

/** When records go back, and what the pools show and allow. */
export function PoolRules({ pools, tools }: { pools: Pools; tools: ConditionTools }) {
  const t = usePoolText();
  const [editing, setEditing] = useState<PoolRule | 'new' | null>(null);
  const save = useSavePools(() => setEditing(null));
  const { objects } = useCatalog();
  const put = (rule: PoolRule) =>
    save.mutate({
      ...pools,
      rules: pools.rules.some(({ id }) => id === rule.id)
        ? pools.rules.map((one) => (one.id === rule.id ? rule : one))
        : [...pools.rules, rule],
    });
  return (
    <div className="xk-pool-settings">
      <Card
        title={t('rules')}
        extra={
          <Button icon={<PlusOutlined />} onClick={() => setEditing('new')}>
            {t('rule-add')}
          </Button>
        }
      >
        <p className="xk-muted">{t('rules-hint')}</p>
        {pools.rules.length === 0 && <p>{t('rule-none')}</p>}
        <ul className="xk-pool-rules">
          {pools.rules.map((rule) => {
            const object = objects.find(({ name }) => name === rule.object);
            return (
              <li key={rule.id}>
                <Switch
                  size="small"
                  checked={!rule.off}
                  aria-label={t('rule-on', { name: rule.name })}
                  onChange={(on) => put({ ...rule, off: !on })}
                />
                <div>
                  <strong>{rule.name}</strong>
                  {object && <RuleWords rule={rule} object={object} tools={tools} />}
                </div>
                <Button
                  type="text"
                  size="small"
                  icon={<EditOutlined />}
                  aria-label={t('rule-edit', { name: rule.name })}
                  onClick={() => setEditing(rule)}
                />
              </li>
            );
          })}
        </ul>
      </Card>
      <PoolsForm key={JSON.stringify(pools.pools)} pools={pools} tools={tools} />
      <Suspense fallback={null}>
        {editing && (
          <RuleDrawer
            rule={editing === 'new' ? null : editing}
            tools={tools}
            saving={save.isPending}
            onSave={put}
            onRemove={(id) => save.mutate({ ...pools, rules: pools.rules.filter((one) => one.id !== id) })}
            onClose={() => setEditing(null)}
          />
        )}
      </Suspense>
    </div>
  );
}

function RuleWords({ rule, object, tools: { Words } }: { rule: PoolRule; object: ObjectDef; tools: ConditionTools }) {
  const t = usePoolText();
  const label = useLabel();
  const part = (words: string, filter: unknown) =>
    filter ? (
      <>
        {' · '}
        {words}
        <Words object={object} filter={filter as Filter} />
      </>
    ) : null;
  return (
    <p className="xk-muted">
      {label(object.label)} · {t(`words-${rule.kind}`, { days: rule.days })} ·{' '}
      {rule.warn > 0 ? t('words-warn', { n: rule.warn }) : t('words-no-warn')}
      {part(t('words-until'), rule.until)}
      {part(t('words-if'), rule.if)}
      {part(t('words-except'), rule.except)}
    </p>
  );
}

function PoolsForm({ pools, tools: { Editor } }: { pools: Pools; tools: ConditionTools }) {
  const t = usePoolText();
  const label = useLabel();
  const objects = useCatalog().objects.filter(({ owner, retired }) => owner && !retired);
  const [draft, setDraft] = useState(pools.pools);
  const save = useSavePools(() => undefined);
  const put = (place: number, patch: Partial<PoolSettings>) =>
    setDraft(draft.map((pool, n) => (n === place ? { ...pool, ...patch } : pool)));
  const free = objects.filter(({ name }) => !draft.some((pool) => pool.object === name));
  return (
    <Card title={t('pools')}>
      <form
        className="xk-pool-form"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ ...pools, pools: draft });
        }}
      >
        {draft.map((pool, place) => {
          const object = objects.find(({ name }) => name === pool.object);
          if (!object) return null;
          return (
            <fieldset key={pool.object}>
              <legend>{t('pool-of', { object: label(object.label) })}</legend>
              <section className="xk-form-row">
                <strong>{t('pool-if')}</strong>
                <Editor
                  object={object}
                  own
                  label={`${t('pool-of', { object: label(object.label) })} · ${t('pool-if')}`}
                  filter={pool.if as Filter | undefined}
                  onChange={(next) => {
                    const { if: _, ...rest } = pool;
                    setDraft(draft.with(place, next ? { ...rest, if: next as NonNullable<PoolSettings['if']> } : rest));
                  }}
                />
              </section>
              <Ticks
                legend={t('pool-shown')}
                hint={t('pool-shown-hint')}
                options={object.fields
                  .filter(
                    ({ retired, encrypted, type }) => !retired && !encrypted && type !== 'longtext' && type !== 'file',
                  )
                  .map(({ name, label: words }) => [name, label(words)])}
                chosen={pool.shown}
                onChange={(shown) => put(place, { shown })}
              />
              <div className="xk-pool-numbers">
                <NumberBox
                  label={t('pool-most')}
                  min={0}
                  max={1_000_000}
                  value={pool.mostOwned}
                  onChange={(mostOwned) => put(place, { mostOwned })}
                />
                <NumberBox
                  label={t('pool-day')}
                  min={0}
                  max={100_000}
                  value={pool.perDay}
                  onChange={(perDay) => put(place, { perDay })}
                />
                <NumberBox
                  label={t('pool-cooling')}
                  min={0}
                  max={730}
                  value={pool.coolingDays}
                  onChange={(coolingDays) => put(place, { coolingDays })}
                />
              </div>
              <Button size="small" type="text" danger onClick={() => setDraft(draft.toSpliced(place, 1))}>
                {t('pool-remove')}
              </Button>
            </fieldset>
          );
        })}
        {free[0] && (
          <Button
            size="small"
            onClick={() => {
              const [next] = free;
              if (next)
                setDraft([
                  ...draft,
                  { object: next.name, shown: [next.title], mostOwned: 0, perDay: 20, coolingDays: 30 },
                ]);
            }}
          >
            {t('pool-add')}
          </Button>
        )}
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t('save')}
        </Button>
      </form>
    </Card>
  );
}
