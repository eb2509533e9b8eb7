import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Modal, Progress } from 'antd';
import { Fragment, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys, useCatalog, useSession } from '../../api/query.ts';
import { useLabel, useText } from '../../i18n/core.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, EmptyState, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { PolicyRow } from './policy-row.tsx';
import { inOrder, isChanged, type Policies, type Policy, policyKey, withPolicy } from './policy-words.ts';
import { PresetCards } from './preset-cards.tsx';
import { usePolicyText } from './texts.ts';
import './policies.css';

/** The policy in force: scenario, one line per field and segment, and how far the re-planning is. */
export function PolicyPage() {
  const t = usePolicyText();
  const label = useLabel();
  const { account } = useSession();
  const [choosing, setChoosing] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: keys.policies,
    queryFn: ({ signal }): Promise<Policies> => call(api.freshness.policies, { signal }),
    refetchInterval: (query) => (query.state.data?.replan.running ? 1500 : false),
  });
  const { data: presets } = useQuery({
    queryKey: [...keys.policies, 'presets'],
    queryFn: ({ signal }) => call(api.freshness.presets, { signal }),
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton title lines={12} />;
  const admin = account.role === 'admin';
  const preset = presets?.presets.find((one) => one.id === data.scenario);
  return (
    <div className="xk-policies">
      <Card>
        <div className="xk-scenario">
          <div>
            <span className="xk-muted">{t('scenario')}</span>
            <h2>{preset ? label(preset.label) : (data.scenario ?? t('scenario-none'))}</h2>
            {preset && <p className="xk-muted">{label(preset.description)}</p>}
          </div>
          <span className="xk-muted xk-num">{t('version', { n: data.version })}</span>
          {admin && <Button onClick={() => setChoosing(true)}>{t('scenario-change')}</Button>}
        </div>
        {data.replan.running && (
          <div className="xk-replan" role="status">
            <span>
              {t('replanning')} · {t('replan-done', { done: data.replan.done, total: data.replan.total })}
            </span>
            <Progress
              aria-label={t('replanning')}
              percent={data.replan.total > 0 ? Math.floor((data.replan.done / data.replan.total) * 100) : 0}
              size="small"
            />
          </div>
        )}
      </Card>
      {data.policies.length === 0 ? (
        <EmptyState
          title={t('none-title')}
          hint={t('none-hint')}
          action={
            admin && (
              <Button type="primary" onClick={() => setChoosing(true)}>
                {t('scenario-change')}
              </Button>
            )
          }
        />
      ) : (
        <PolicyTable key={data.version} data={data} editable={admin} />
      )}
      <Modal
        open={choosing}
        onCancel={() => setChoosing(false)}
        footer={null}
        width={960}
        title={t('scenario-title')}
        destroyOnHidden
      >
        <p className="xk-muted xk-presets-hint">{t('scenario-replaces')}</p>
        <PresetCards onApplied={() => setChoosing(false)} />
      </Modal>
    </div>
  );
}

function PolicyTable({ data, editable }: { data: Policies; editable: boolean }) {
  const t = usePolicyText();
  const words = useText();
  const label = useLabel();
  const toasts = useToasts();
  const catalog = useCatalog();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState<Policy[]>(() => inOrder(data.policies, catalog));
  const [reason, setReason] = useState('');
  const changed = isChanged(inOrder(data.policies, catalog), draft);
  const save = useMutation({
    mutationFn: () =>
      call(api.freshness.savePolicies, {
        body: {
          // What is known of the rate is the server's to say.
          policies: draft.map(({ rate: _rate, rateSource: _source, ...policy }) => policy),
          ...(reason.trim() && { reason: reason.trim() }),
        },
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
                  editable={editable}
                  onChange={(change) => setDraft((now) => withPolicy(now, policyKey(policy), change))}
                />
              </Fragment>
            ))}
          </tbody>
        </table>
      </Card>
      {changed && (
        <section className="xk-save-bar" aria-label={t('changed')}>
          <span>{t('changed')}</span>
          <Input
            aria-label={t('reason')}
            placeholder={t('reason')}
            value={reason}
            maxLength={200}
            onChange={(event) => setReason(event.target.value)}
          />
          <Button onClick={() => setDraft(inOrder(data.policies, catalog))}>{t('discard')}</Button>
          <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>
            {words('save')}
          </Button>
        </section>
      )}
    </>
  );
}
