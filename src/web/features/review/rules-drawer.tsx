import { PlusOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Drawer } from 'antd';
import { useState } from 'react';
import type { z } from 'zod';
import { api } from '../../../contract/api.ts';
import type { DecideRuleInput, HoldRuleInput, ReviewRulesInput } from '../../../contract/review.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useMay } from '../../api/query.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { DecideForm } from './decide-form.tsx';
import { HoldForm } from './hold-form.tsx';
import { refreshCounts, refreshFacets, refreshList, rulesKey } from './review-api.ts';
import { RuleList } from './rule-list.tsx';
import { RuleVersions } from './rule-versions.tsx';
import { type ConditionTools, DecideWords, HoldWords } from './rule-words.tsx';
import { useRulesText } from './rules-texts.ts';

/** What is being edited, apart from the list until it is taken over. */
type Editing =
  | { kind: 'decide'; rule: DecideRuleInput; isNew: boolean }
  | { kind: 'hold'; rule: HoldRuleInput; isNew: boolean };

const newDecide = (): DecideRuleInput => ({
  id: crypto.randomUUID(),
  name: '',
  from: ['customer'],
  object: 'customer',
  fields: [],
  only: 'empty',
  action: 'accept',
});
const newHold = (): HoldRuleInput => ({
  id: crypto.randomUUID(),
  name: '',
  object: 'customer',
  fields: [],
  from: [],
  overwrites: true,
});

/** Rules that decide without a person, and rules that hold changes for one; tried on the last month before they are saved. */
export function RulesDrawer({ tools, onClose }: { tools: ConditionTools; onClose(): void }) {
  const t = useRulesText();
  const toasts = useToasts();
  const client = useQueryClient();
  const editable = useMay('quality');
  const { data, error, refetch } = useQuery({
    queryKey: rulesKey,
    queryFn: ({ signal }) => call(api.review.rules, { signal }),
    staleTime: 0,
  });
  const [draft, setDraft] = useState<ReviewRulesInput | null>(null);
  const [editing, setEditing] = useState<Editing | null>(null);
  const [tried, setTried] = useState(false);
  const [reason, setReason] = useState('');
  const [open, setOpen] = useState(false);
  const rules = draft ?? data?.rules;

  const trial = useMutation({
    mutationFn: (decide: DecideRuleInput[]) => call(api.review.tryRules, { body: { decide } }),
  });
  const save = useMutation({
    mutationFn: (wanted: ReviewRulesInput) =>
      call(api.review.saveRules, {
        body: { rules: wanted, version: data?.version ?? 0, open, ...(reason.trim() && { reason: reason.trim() }) },
      }),
    onSuccess: ({ version }) => {
      toasts.success(t('saved', { n: version }));
      void client.invalidateQueries({ queryKey: rulesKey });
      void refreshList(client);
      void refreshFacets(client);
      void refreshCounts(client);
      onClose();
    },
  });
  const change = (patch: Partial<ReviewRulesInput>) => {
    if (!rules) return;
    trial.reset();
    setDraft({ ...rules, ...patch });
  };
  const begin = (next: Editing) => {
    setTried(false);
    setEditing(next);
  };
  const takeOver = () => {
    setTried(true);
    if (!editing || !rules || editing.rule.name.trim() === '') return;
    if (editing.kind === 'decide') change({ decide: put(rules.decide, editing.rule) });
    else change({ hold: put(rules.hold, editing.rule) });
    setEditing(null);
  };
  const remove = () => {
    if (!editing || !rules) return;
    const others = <R extends { id: string }>(list: R[]) => list.filter(({ id }) => id !== editing.rule.id);
    change(editing.kind === 'decide' ? { decide: others(rules.decide) } : { hold: others(rules.hold) });
    setEditing(null);
  };
  const below = ({ id }: { id: string }): string | null => {
    const found = trial.data?.rules[id];
    if (found) return t('try-rule', { ...found });
    const done = data?.done[id];
    return done ? t('did-n', { n: done.fields, undone: done.undone }) : null;
  };
  const titleOf = (one: Editing) =>
    one.isNew ? t(one.kind === 'decide' ? 'new-decide' : 'new-hold') : t('edit', { name: one.rule.name });

  return (
    <Drawer
      open
      size={560}
      title={editing ? titleOf(editing) : t('title')}
      onClose={editing ? () => setEditing(null) : onClose}
      footer={
        editing ? (
          <div className="xk-rules-foot">
            {!editing.isNew && (
              <Button danger onClick={remove}>
                {t('remove')}
              </Button>
            )}
            <span />
            <Button onClick={() => setEditing(null)}>{t('back')}</Button>
            <Button type="primary" onClick={takeOver}>
              {t('done')}
            </Button>
          </div>
        ) : (
          editable &&
          draft && (
            <form
              className="xk-rules-save"
              onSubmit={(event) => {
                event.preventDefault();
                save.mutate(draft);
              }}
            >
              {save.error && <Alert type="error" showIcon title={sentence(save.error)} />}
              <span className="xk-muted">{t('unsaved')}</span>
              <input
                className="xk-plain-input"
                aria-label={t('reason')}
                placeholder={t('reason')}
                maxLength={500}
                value={reason}
                onChange={({ target }) => setReason(target.value)}
              />
              <label className="xk-check">
                <input type="checkbox" checked={open} onChange={({ target }) => setOpen(target.checked)} />
                {t('open')}
              </label>
              <Button type="primary" htmlType="submit" loading={save.isPending}>
                {t('save')}
              </Button>
            </form>
          )
        )
      }
    >
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!rules && !error && <Skeleton lines={6} />}
      {editing?.kind === 'decide' && (
        <DecideForm
          rule={editing.rule}
          tried={tried}
          tools={tools}
          onChange={(rule) => setEditing({ ...editing, rule })}
        />
      )}
      {editing?.kind === 'hold' && (
        <HoldForm
          rule={editing.rule}
          tried={tried}
          tools={tools}
          onChange={(rule) => setEditing({ ...editing, rule })}
        />
      )}
      {rules && !editing && (
        <div className="xk-rules-page">
          {!editable && <p className="xk-muted">{t('readonly')}</p>}
          <section>
            <h3>{t('decide-title')}</h3>
            <p className="xk-muted">{t('decide-hint')}</p>
            {rules.decide.length === 0 && <p>{t('decide-none')}</p>}
            <RuleList<DecideRuleInput>
              ordered
              rules={rules.decide}
              editable={editable}
              words={(rule) => <DecideWords rule={rule} tools={tools} />}
              below={below}
              onChange={(decide) => change({ decide })}
              onEdit={(rule) => begin({ kind: 'decide', rule, isNew: false })}
            />
            {editable && (
              <div className="xk-rules-tools">
                <Button
                  icon={<PlusOutlined />}
                  onClick={() => begin({ kind: 'decide', rule: newDecide(), isNew: true })}
                >
                  {t('decide-add')}
                </Button>
                {rules.decide.length > 0 && (
                  <Button loading={trial.isPending} onClick={() => trial.mutate(rules.decide)}>
                    {t('try')}
                  </Button>
                )}
              </div>
            )}
            {trial.error && <Alert type="error" showIcon title={sentence(trial.error)} />}
            {trial.data && <TrialWords trial={trial.data} />}
          </section>
          <section>
            <h3>{t('hold-title')}</h3>
            <p className="xk-muted">{t('hold-hint')}</p>
            {rules.hold.length === 0 && <p>{t('hold-none')}</p>}
            <RuleList<HoldRuleInput>
              ordered={false}
              rules={rules.hold}
              editable={editable}
              words={(rule) => <HoldWords rule={rule} tools={tools} />}
              below={() => null}
              onChange={(hold) => change({ hold })}
              onEdit={(rule) => begin({ kind: 'hold', rule, isNew: false })}
            />
            {editable && (
              <div className="xk-rules-tools">
                <Button icon={<PlusOutlined />} onClick={() => begin({ kind: 'hold', rule: newHold(), isNew: true })}>
                  {t('hold-add')}
                </Button>
              </div>
            )}
          </section>
          <details>
            <summary>{t('versions')}</summary>
            <RuleVersions
              inForce={data?.version ?? 0}
              editable={editable}
              onRestore={(old, version) => {
                setReason(t('restore-reason', { n: version }));
                change(old);
              }}
            />
          </details>
        </div>
      )}
    </Drawer>
  );
}

/** What the draft would have done, in words. */
function TrialWords({ trial }: { trial: z.output<NonNullable<typeof api.review.tryRules.response>> }) {
  const t = useRulesText();
  if (trial.fields === 0) return <p role="status">{t('try-none')}</p>;
  return (
    <div className="xk-rules-trial" role="status">
      <p>{t('try-total', { fields: trial.fields, ...trial.total })}</p>
      {trial.total.undecided > 0 && <p className="xk-muted">{t('try-undecided', { n: trial.total.undecided })}</p>}
      {trial.capped && <p className="xk-muted">{t('try-capped', { n: trial.fields })}</p>}
      <p className="xk-muted">{t('try-hint')}</p>
    </div>
  );
}

const put = <Rule extends { id: string }>(list: Rule[], rule: Rule): Rule[] =>
  list.some(({ id }) => id === rule.id) ? list.map((one) => (one.id === rule.id ? rule : one)) : [...list, rule];
