import { PlusOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useAccounts, useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { EmptyState, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { approvalKeys, type Rule } from './approvals-api.ts';
import { RuleDrawer } from './rule-drawer.tsx';
import { useApprovalText } from './texts.ts';
import { useRoles } from './use-roles.ts';
import './approvals.css';

/** Which acts need approval: one line per rule, edited in a drawer, saved at once. */
export function ApprovalRules() {
  const t = useApprovalText();
  const toasts = useToasts();
  const client = useQueryClient();
  const [editing, setEditing] = useState<{ rule: Rule; isNew: boolean } | null>(null);
  const words = useRuleWords();
  const { data, error, refetch } = useQuery({
    queryKey: approvalKeys.rules,
    queryFn: ({ signal }) => call(api.approvals.rules, { signal }),
    staleTime: 0,
  });
  const save = useMutation({
    mutationFn: (rules: Rule[]) => call(api.approvals.saveRules, { body: { version: data?.version ?? 0, rules } }),
    onSuccess: () => {
      toasts.success(t('saved'));
      setEditing(null);
    },
    onError: (problem) => toasts.error(sentence(problem)),
    onSettled: () => client.invalidateQueries({ queryKey: approvalKeys.all }),
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} />;
  const { rules } = data;
  const put = (rule: Rule) =>
    save.mutate(
      rules.some(({ id }) => id === rule.id) ? rules.map((one) => (one.id === rule.id ? rule : one)) : [...rules, rule],
    );
  return (
    <section className="xk-card">
      <div className="xk-approval-tools">
        <span className="xk-muted">{t('rules-hint')}</span>
        <Button icon={<PlusOutlined />} onClick={() => setEditing({ rule: newRule(), isNew: true })}>
          {t('rule-add')}
        </Button>
      </div>
      {rules.length === 0 && <EmptyState title={t('rules-none')} />}
      <ul className="xk-approval-rules">
        {rules.map((rule) => {
          const { what, who } = words(rule);
          return (
            <li key={rule.id}>
              <span>
                <strong>{what}</strong> {rule.off && <Badge>{t('off')}</Badge>}
                <small className="xk-muted">{who}</small>
              </span>
              <Button
                size="small"
                aria-label={t('rule-edit', { what })}
                onClick={() => setEditing({ rule, isNew: false })}
              >
                …
              </Button>
            </li>
          );
        })}
      </ul>
      {editing && (
        <RuleDrawer
          rule={editing.rule}
          isNew={editing.isNew}
          saving={save.isPending}
          onClose={() => setEditing(null)}
          onSave={put}
          onRemove={() => save.mutate(rules.filter(({ id }) => id !== editing.rule.id))}
        />
      )}
    </section>
  );
}

const newRule = (): Rule => ({
  id: crypto.randomUUID(),
  kind: 'mass',
  above: 100,
  decider: { by: 'manager' },
  hours: 24,
  exceptAdmins: true,
});

function useRuleWords(): (rule: Rule) => { what: string; who: string } {
  const t = useApprovalText();
  const label = useLabel();
  const { objects } = useCatalog();
  const accounts = useAccounts();
  const roles = useRoles();
  return ({ kind, object, above, decider, hours }) => {
    const of = objects.find(({ name }) => name === object);
    const line = t(above > 0 ? 'rule-line-above' : 'rule-line-any', {
      kind: t(`kind-${kind}`),
      n: above.toLocaleString(),
    });
    const who =
      decider.by === 'manager'
        ? t('by-manager')
        : decider.by === 'role'
          ? (roles.find(({ id }) => id === decider.role)?.name ?? decider.role)
          : (accounts.find(({ id }) => id === decider.account)?.name ?? '');
    return { what: of ? `${label(of.plural)} · ${line}` : line, who: t('rule-who', { who, hours }) };
  };
}
