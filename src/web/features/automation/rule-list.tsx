import { EditOutlined, PlusOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, EmptyState, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { automationKeys, type ConditionTools, inputOf, type RuleInput, type RuleView } from './automation-api.ts';
import { RuleWords } from './rule-words.tsx';
import { useAutomationText } from './texts/words.ts';
import './automation.css';

const RuleEditor = lazy(async () => ({ default: (await import('./rule-editor.tsx')).RuleEditor }));

/** Rules, each as a sentence with its switch, and those that come with the product. */
export function RuleList({ tools, onLog }: { tools: ConditionTools; onLog(rule: string): void }) {
  const t = useAutomationText();
  const toasts = useToasts();
  const client = useQueryClient();
  const [editing, setEditing] = useState<{ id: string; rule: RuleInput; isNew: boolean } | null>(null);
  const { data, error, refetch } = useQuery({
    queryKey: automationKeys.rules,
    queryFn: ({ signal }) => call(api.automation.rules, { signal }),
    staleTime: 0,
  });
  const presets = useQuery({
    queryKey: automationKeys.presets,
    queryFn: ({ signal }) => call(api.automation.presets, { signal }),
  });
  const refresh = () => client.invalidateQueries({ queryKey: automationKeys.all });
  const save = useMutation({
    mutationFn: ({ id, rule }: { id: string; rule: RuleInput }) =>
      call(api.automation.save, { params: { id }, body: { rule, version: data?.version ?? 0 } }),
    onSuccess: () => {
      toasts.success(t('saved'));
      setEditing(null);
    },
    onError: (problem) => toasts.error(sentence(problem)),
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: (id: string) => call(api.automation.remove, { params: { id }, query: { version: data?.version ?? 0 } }),
    onSuccess: () => {
      toasts.success(t('removed'));
      setEditing(null);
    },
    onError: (problem) => toasts.error(sentence(problem)),
    onSettled: refresh,
  });
  const resume = useMutation({
    mutationFn: (id: string) => call(api.automation.resume, { params: { id } }),
    onSuccess: () => toasts.success(t('resumed')),
    onError: (problem) => toasts.error(sentence(problem)),
    onSettled: refresh,
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={8} />;
  const { rules } = data;
  const taken = new Set(rules.map(({ preset }) => preset));
  const offered = presets.data?.presets.filter(({ rule }) => !taken.has(rule.preset)) ?? [];
  const flip = (rule: RuleView, on: boolean) => save.mutate({ id: rule.id, rule: { ...inputOf(rule), off: !on } });
  return (
    <div className="xk-auto">
      <Card
        title={t('tab-rules')}
        extra={
          <Button
            icon={<PlusOutlined />}
            onClick={() => setEditing({ id: crypto.randomUUID(), rule: newRule(), isNew: true })}
          >
            {t('add')}
          </Button>
        }
      >
        {rules.length === 0 && <EmptyState title={t('none')} hint={t('none-hint')} />}
        <ul className="xk-auto-rules">
          {rules.map((rule) => (
            <li key={rule.id} data-off={rule.off || undefined}>
              <label className="xk-check">
                <input
                  type="checkbox"
                  aria-label={t('on', { name: rule.name })}
                  checked={!rule.off}
                  disabled={save.isPending}
                  onChange={({ target }) => flip(rule, target.checked)}
                />
                <strong>{rule.name}</strong>
              </label>
              <Button
                size="small"
                type="text"
                icon={<EditOutlined />}
                aria-label={t('edit', { name: rule.name })}
                onClick={() => setEditing({ id: rule.id, rule: inputOf(rule), isNew: false })}
              />
              <p>
                <RuleWords rule={rule} tools={tools} />
              </p>
              <p className="xk-auto-below">
                <Button size="small" type="link" onClick={() => onLog(rule.id)}>
                  {t('fired', { n: rule.fired })}
                </Button>
                {rule.failed > 0 && <span className="xk-over">{t('failed', { n: rule.failed })}</span>}
                <span className="xk-muted">{t('by', { name: rule.authorName })}</span>
              </p>
              {rule.problem !== null && <p className="xk-over">{t('broken', { why: rule.problem })}</p>}
              {rule.stopped && (
                <p className="xk-auto-stopped">
                  {t('stopped', { n: rule.stopped.count })}{' '}
                  <Link to="/o/$object/$id" params={{ object: rule.stopped.object, id: rule.stopped.record }}>
                    {t('stopped-see')}
                  </Link>{' '}
                  <Button size="small" loading={resume.isPending} onClick={() => resume.mutate(rule.id)}>
                    {t('resume')}
                  </Button>
                </p>
              )}
            </li>
          ))}
        </ul>
      </Card>
      {offered.length > 0 && (
        <Card title={t('presets')}>
          <p className="xk-muted">{t('presets-hint')}</p>
          <ul className="xk-auto-presets">
            {offered.map(({ about, rule }) => (
              <li key={rule.preset}>
                <span>
                  <strong>{rule.name}</strong>
                  <small className="xk-muted">{about}</small>
                </span>
                <Button
                  size="small"
                  aria-label={t('use-name', { name: rule.name })}
                  onClick={() => setEditing({ id: crypto.randomUUID(), rule, isNew: true })}
                >
                  {t('use')}
                </Button>
              </li>
            ))}
          </ul>
        </Card>
      )}
      <Suspense fallback={null}>
        {editing && (
          <RuleEditor
            key={editing.id}
            rule={editing.rule}
            isNew={editing.isNew}
            tools={tools}
            saving={save.isPending}
            onClose={() => setEditing(null)}
            onSave={(rule) => save.mutate({ id: editing.id, rule })}
            onRemove={() => remove.mutate(editing.id)}
          />
        )}
      </Suspense>
    </div>
  );
}

const newRule = (): RuleInput => ({
  name: '',
  when: { on: 'changed', object: 'customer', fields: [], becomes: true },
  steps: [{ do: 'notify', to: { who: 'owner' }, text: '' }],
});
