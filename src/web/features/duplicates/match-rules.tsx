import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { reasonOf } from '../../api/errors.ts';
import { keys, useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { EmptyState, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { refreshCounts } from './duplicates-api.ts';
import { type MatchRule, newRule } from './match-rule-draft.ts';
import { MatchRuleForm } from './match-rule-form.tsx';
import { useMatchRulesText } from './match-rules-texts.ts';
import './match-rules.css';

/** Rules for duplicates of an object, each as a sentence; one at a time is edited. */
export function MatchRules({ object }: { object: ObjectDef }) {
  const t = useMatchRulesText();
  const label = useLabel();
  const toasts = useToasts();
  const client = useQueryClient();
  const queryKey = [...keys.duplicates, object.name, 'rules'];
  const [edited, setEdited] = useState<MatchRule | null>(null);
  const { data, error, refetch } = useQuery({
    queryKey,
    queryFn: async ({ signal }) =>
      (await call(api.duplicates.rules, { params: { object: object.name }, signal })).rules,
  });
  const save = useMutation({
    mutationFn: (rules: MatchRule[]) =>
      call(api.duplicates.saveRules, { params: { object: object.name }, body: { rules } }),
    onSuccess: ({ rules }) => {
      client.setQueryData(queryKey, rules);
      setEdited(null);
      toasts.success(t('saved'));
      void refreshCounts(client);
    },
    onError: (problem) => toasts.error(reasonOf(problem)),
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={4} />;
  const put = (rule: MatchRule) =>
    save.mutate(
      data.some(({ id }) => id === rule.id) ? data.map((one) => (one.id === rule.id ? rule : one)) : [...data, rule],
    );
  const begin = () => {
    const rule = newRule(object, data, '');
    const first = object.fields.find(({ name }) => name === rule.any[0]?.[0]?.field);
    setEdited({ ...rule, name: t('new-name', { field: label(first?.label) }) });
  };
  const isNew = edited !== null && !data.some(({ id }) => id === edited.id);
  const form = edited && (
    <MatchRuleForm
      key={edited.id}
      object={object}
      begin={edited}
      saving={save.isPending}
      onSave={put}
      onCancel={() => setEdited(null)}
      {...(!isNew && { onRemove: () => save.mutate(data.filter(({ id }) => id !== edited.id)) })}
    />
  );
  return (
    <div className="xk-match-rules">
      <p className="xk-muted">{t('hint')}</p>
      {data.length === 0 && !edited && (
        <EmptyState
          title={t('none')}
          hint={t('none-hint')}
          action={
            <Button type="primary" onClick={begin}>
              {t('add')}
            </Button>
          }
        />
      )}
      <ol>
        {data.map((rule) =>
          rule.id === edited?.id ? (
            <li key={rule.id}>{form}</li>
          ) : (
            <li key={rule.id} data-off={rule.off || undefined}>
              <label className="xk-check">
                <input
                  type="checkbox"
                  aria-label={t('on-of', { name: rule.name })}
                  checked={!rule.off}
                  disabled={save.isPending}
                  onChange={({ target }) => put({ ...rule, off: !target.checked || undefined })}
                />
                <strong>{rule.name}</strong>
              </label>
              <Button size="small" aria-label={t('edit-of', { name: rule.name })} onClick={() => setEdited(rule)}>
                {t('edit')}
              </Button>
              <p>
                <RuleWords object={object} rule={rule} />
              </p>
            </li>
          ),
        )}
        {isNew && <li>{form}</li>}
      </ol>
      {!edited && data.length > 0 && <Button onClick={begin}>{t('add')}</Button>}
    </div>
  );
}

function RuleWords({ object, rule }: { object: ObjectDef; rule: MatchRule }) {
  const t = useMatchRulesText();
  const label = useLabel();
  const { objects } = useCatalog();
  const other = objects.find(({ name }) => name === (rule.other ?? object.name));
  const nameIn = (of: ObjectDef | undefined, name: string) =>
    label(of?.fields.find((field) => field.name === name)?.label) || name;
  const words = rule.any.map((tests) =>
    tests
      .map(({ field, with: theirs, how }) => {
        const said = { field: nameIn(object, field), how: t(`how-${how}`) };
        return theirs === undefined || (theirs === field && !rule.other)
          ? t('say-test', said)
          : t('say-cross', { ...said, object: label(other?.label), theirs: nameIn(other, theirs) });
      })
      .join(` ${t('and')} `),
  );
  return (
    <>
      {words.map((one, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: groups have no name of their own
        <span key={n}>
          {n > 0 && <em className="xk-muted"> {t('or')} </em>}
          {one}
        </span>
      ))}
      <span className="xk-muted"> → </span>
      {t(`effect-${rule.effect}`)}
    </>
  );
}
