import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { Fragment, lazy, Suspense, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys, useCatalog } from '../../api/query.ts';
import { useLabel, useText } from '../../i18n/core.ts';
import { Card, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { PolicyRow } from './policy-row.tsx';
import {
  inOrder,
  isChanged,
  type Policies,
  type Policy,
  policyKey,
  rateFinder,
  stated,
  withPolicy,
} from './policy-words.ts';
import { usePolicyText } from './texts.ts';

const TryPanel = lazy(() => import('./try-panel.tsx').then(({ TryPanel: panel }) => ({ default: panel })));
const AddRule = lazy(() => import('./add-rule.tsx').then(({ AddRule: form }) => ({ default: form })));

/** One line per field and segment, edited in place; tried on a sample before it is switched on. */
export function PolicyTable({ data, editable }: { data: Policies; editable: boolean }) {
  const t = usePolicyText();
  const words = useText();
  const label = useLabel();
  const toasts = useToasts();
  const catalog = useCatalog();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState<Policy[]>(() => inOrder(data.policies, catalog));
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState<Policy[] | null>(null);
  const [adding, setAdding] = useState(false);
  const { data: rates } = useQuery({
    queryKey: [...keys.policies, 'rates'],
    queryFn: ({ signal }) => call(api.advice.rates, { signal }),
  });
  const rateOf = rateFinder(rates?.rates ?? []);
  const changed = isChanged(inOrder(data.policies, catalog), draft);
  const save = useMutation({
    mutationFn: () =>
      call(api.freshness.savePolicies, {
        body: { policies: draft.map(stated), ...(reason.trim() && { reason: reason.trim() }) },
      }),
    onSuccess: async ({ version }) => {
      toasts.success(t('saved', { n: version }));
      await queryClient.invalidateQueries({ queryKey: keys.policies });
    },
    onError: (error) => toasts.error(sentence(error)),
  });
  return (
    <>
      <Card>
        <table className="xk-policy-table">
          <thead>
            <tr>
              <th scope="col">{t('field')}</th>
              <th scope="col">{t('who-for')}</th>
              <th scope="col">{t('how-often')}</th>
              <th scope="col">{t('threshold')}</th>
              <th scope="col">{t('priority')}</th>
              <th scope="col">{t('rate')}</th>
            </tr>
          </thead>
          <tbody>
            {draft.map((policy, index) => (
              <Fragment key={policyKey(policy)}>
                {policy.object !== draft[index - 1]?.object && (
                  <tr className="xk-policy-object">
                    <th scope="rowgroup" colSpan={6}>
                      {label(catalog.objects.find((object) => object.name === policy.object)?.label) || policy.object}
                    </th>
                  </tr>
                )}
                <PolicyRow
                  policy={policy}
                  rate={rateOf(policy)}
                  editable={editable}
                  onChange={(change) => setDraft((now) => withPolicy(now, policyKey(policy), change))}
                  onRemove={
                    editable && policy.segment
                      ? () => setDraft((now) => now.filter((one) => policyKey(one) !== policyKey(policy)))
                      : undefined
                  }
                />
              </Fragment>
            ))}
          </tbody>
        </table>
        {editable && (
          <div className="xk-policy-add">
            {adding ? (
              <Suspense fallback={<Skeleton lines={2} />}>
                <AddRule
                  policies={draft}
                  onAdd={(policy) => {
                    setDraft((now) => inOrder([...now, policy], catalog));
                    setAdding(false);
                  }}
                  onCancel={() => setAdding(false)}
                />
              </Suspense>
            ) : (
              <Button onClick={() => setAdding(true)}>{t('rule-add')}</Button>
            )}
          </div>
        )}
      </Card>
      {tried && (
        <Suspense fallback={<Skeleton title lines={6} />}>
          <TryPanel policies={tried} outdated={isChanged(tried, draft)} />
        </Suspense>
      )}
      {changed && (
        <section className="xk-save-bar" aria-label={t('changed')}>
          <span>{t('changed')}</span>
          <input
            className="xk-plain-input"
            aria-label={t('reason')}
            placeholder={t('reason')}
            value={reason}
            maxLength={200}
            onChange={(event) => setReason(event.target.value)}
          />
          <Button
            onClick={() => {
              setDraft(inOrder(data.policies, catalog));
              setTried(null);
            }}
          >
            {t('discard')}
          </Button>
          <Button onClick={() => setTried(draft)}>{t('try')}</Button>
          <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>
            {words('save')}
          </Button>
        </section>
      )}
    </>
  );
}
