import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { v7 as uuidv7 } from 'uuid';
import { api } from '../../../contract/api.ts';
import type { RetentionRule } from '../../../contract/retention.ts';
import { call } from '../../api/client.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, EmptyState, Skeleton } from '../../ui/page.tsx';
import { privacyKeys } from './privacy-api.ts';
import { CaseDrawer } from './retention-cases.tsx';
import { RuleDrawer } from './rule-drawer.tsx';
import { usePrivacyText } from './texts/texts.ts';

export type RuleDraft = Omit<RetentionRule, 'id' | 'warned' | 'kept' | 'done' | 'ranAt'>;

const PRESETS: Record<'preset-180' | 'preset-30', Omit<RuleDraft, 'name'>> = {
  'preset-180': {
    object: 'customer',
    filter: null,
    clock: 'contact',
    days: 180,
    grace: 30,
    invite: true,
    mode: 'anonymise',
    active: true,
  },
  'preset-30': {
    object: 'contact',
    filter: null,
    clock: 'confirmed',
    days: 30,
    grace: 14,
    invite: true,
    mode: 'anonymise',
    active: true,
  },
};

/** How long data is kept, rule by rule. */
export function Retention() {
  const t = usePrivacyText();
  const { objects } = useCatalog();
  const { data, error, refetch } = useQuery({
    queryKey: [...privacyKeys.all, 'rules'],
    queryFn: async ({ signal }) => (await call(api.retention.rules, { signal })).rules,
  });
  const [draft, setDraft] = useState<{ id: string; rule: RuleDraft } | null>(null);
  const [shown, setShown] = useState<RetentionRule | null>(null);
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={5} />;
  const begin = (key: keyof typeof PRESETS) => setDraft({ id: uuidv7(), rule: { ...PRESETS[key], name: t(key) } });
  const own = () => setDraft({ id: uuidv7(), rule: { ...PRESETS['preset-180'], name: '', active: false } });
  const presets = (['preset-180', 'preset-30'] as const).filter((key) =>
    objects.some(({ name }) => name === PRESETS[key].object),
  );
  const buttons = (
    <span className="xk-privacy-do">
      {presets.map((key) => (
        <Button key={key} size="small" onClick={() => begin(key)}>
          {t(key)}
        </Button>
      ))}
      <Button size="small" onClick={own}>
        {t('new-rule')}
      </Button>
    </span>
  );
  return (
    <>
      {data.length === 0 ? (
        <EmptyState title={t('rules-none')} hint={t('rules-none-hint')} action={buttons} />
      ) : (
        <Card title={t('retention')}>
          <p className="xk-muted xk-privacy-hint">{t('rules-hint')}</p>
          <ul className="xk-privacy-list">
            {data.map((rule) => (
              <RuleLine
                key={rule.id}
                rule={rule}
                onEdit={() => {
                  const { id, warned: _w, kept: _k, done: _d, ranAt: _r, ...rest } = rule;
                  setDraft({ id, rule: rest });
                }}
                onShow={() => setShown(rule)}
              />
            ))}
          </ul>
          <div className="xk-privacy-more">{buttons}</div>
        </Card>
      )}
      {draft && (
        <RuleDrawer
          id={draft.id}
          rule={draft.rule}
          known={data.some(({ id }) => id === draft.id)}
          onChange={(rule) => setDraft({ ...draft, rule })}
          onClose={() => setDraft(null)}
        />
      )}
      {shown && <CaseDrawer rule={shown} onClose={() => setShown(null)} />}
    </>
  );
}

function RuleLine({ rule, onEdit, onShow }: { rule: RetentionRule; onEdit(): void; onShow(): void }) {
  const t = usePrivacyText();
  const label = useLabel();
  const { objects } = useCatalog();
  return (
    <li>
      <span className="xk-privacy-what">
        <strong>{rule.name}</strong>{' '}
        <Badge>{label(objects.find(({ name }) => name === rule.object)?.label) || rule.object}</Badge>{' '}
        {!rule.active && <Badge tone="warn">{t('rule-off')}</Badge>}
        <p className="xk-privacy-words">
          {t('rule-line', {
            ...{ clock: t(`clock-${rule.clock}`), days: rule.days, grace: rule.grace },
            mode: t(`mode-${rule.mode}`).toLowerCase(),
          })}
        </p>
        <p className="xk-privacy-words">
          {t('warned-n', { n: rule.warned })} · {t('kept-n', { n: rule.kept })} · {t('done-n', { n: rule.done })}
        </p>
      </span>
      <span className="xk-privacy-do">
        <Button size="small" onClick={onShow}>
          {t('cases')}
        </Button>
        <Button size="small" onClick={onEdit}>
          {t('edit')}
        </Button>
      </span>
    </li>
  );
}
