import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense, useEffect, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useCatalog } from '../../api/query.ts';
import { useLang } from '../../i18n/core.ts';
import { Card, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import {
  type CampaignDetail,
  type CampaignInput,
  campaignKeys,
  type FilterEditor,
  fitting,
  inputOf,
  newCampaign,
  useSegments,
} from './campaigns-api.ts';
import { useCampaignText } from './texts/words.ts';
import { WhoStep } from './who-step.tsx';

const WhatStep = lazy(async () => ({ default: (await import('./what-step.tsx')).WhatStep }));
const SendStep = lazy(async () => ({ default: (await import('./send-step.tsx')).SendStep }));

const STEPS = ['who', 'what', 'send'] as const;
export type Step = (typeof STEPS)[number];

/** A campaign being made, in three steps; each step on saves it. */
export function CampaignEditor({
  detail,
  segment,
  step: start,
  sms,
  Editor,
}: {
  /** null: a new one. */
  detail: CampaignDetail | null;
  /** Of a new one: whom it begins with. */
  segment: string | null;
  /** Where it begins. */
  step: Step | undefined;
  sms: boolean;
  Editor: FilterEditor;
}) {
  const t = useCampaignText();
  const lang = useLang();
  const toasts = useToasts();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { objects } = useCatalog();
  const segments = useSegments();
  const [step, setStep] = useState<Step>(start ?? (detail ? 'send' : 'who'));
  const [draft, setDraft] = useState<CampaignInput>(() =>
    detail ? inputOf(detail.campaign) : newCampaign(objects, lang),
  );
  const [changed, setChanged] = useState(detail === null);
  const begun = segments.data?.find((one) => one.id === segment);
  useEffect(() => {
    if (!begun || detail) return;
    setDraft((old) => ({
      ...old,
      audience: fitting(objects, old.kind, {
        object: begun.object,
        view: begun.id,
        filter: begun.filter,
        field: 'email',
      }),
    }));
  }, [begun, detail, objects]);
  const change = (patch: Partial<CampaignInput>) => {
    setChanged(true);
    setDraft((old) => ({ ...old, ...patch }));
  };
  const save = useMutation({
    mutationFn: (_next: Step | null) =>
      call(api.campaigns.save, {
        params: { id: detail?.campaign.id ?? crypto.randomUUID() },
        body: { campaign: { ...draft, name: draft.name.trim() }, version: detail?.campaign.version ?? 0 },
      }),
    onSuccess: (saved, next) => {
      const { id } = saved.campaign;
      client.setQueryData(campaignKeys.one(id), saved);
      setChanged(false);
      if (next) setStep(next);
      else toasts.success(t('saved'));
      if (!detail)
        void navigate({ to: '/campaigns/$id', params: { id }, replace: true, search: next ? { step: next } : {} });
    },
    onError: (problem) => toasts.error(sentence(problem)),
    onSettled: () => client.invalidateQueries({ queryKey: campaignKeys.list }),
  });
  const remove = useMutation({
    mutationFn: (id: string) => call(api.campaigns.remove, { params: { id } }),
    onSuccess: async () => {
      toasts.success(t('removed'));
      await client.invalidateQueries({ queryKey: campaignKeys.list });
      void navigate({ to: '/campaigns' });
    },
    onError: (problem) => toasts.error(sentence(problem)),
  });
  const go = (next: Step) => {
    if (draft.name.trim() === '' && next !== 'who') {
      document.getElementById('campaign-name')?.focus();
      toasts.info(t('name'));
    } else if (changed) save.mutate(next);
    else setStep(next);
  };
  const at = STEPS.indexOf(step);
  const [previous, next] = [STEPS[at - 1], STEPS[at + 1]];
  return (
    <>
      <nav aria-label={t('steps')}>
        <ol className="xk-campaign-step-list">
          {STEPS.map((one, n) => (
            <li key={one}>
              <button type="button" aria-current={one === step ? 'step' : undefined} onClick={() => go(one)}>
                <span aria-hidden="true">{n + 1}</span> {t(`step-${one}`)}
              </button>
            </li>
          ))}
        </ol>
      </nav>
      <Suspense fallback={<Skeleton lines={8} />}>
        {step === 'who' && (
          <Card>
            <WhoStep input={draft} sms={sms} Editor={Editor} onChange={change} />
          </Card>
        )}
        {step === 'what' && (
          <Card>
            <WhatStep input={draft} onChange={change} />
          </Card>
        )}
        {step === 'send' && detail && <SendStep detail={detail} />}
      </Suspense>
      <div className="xk-campaign-do xk-campaign-foot">
        {previous && <Button onClick={() => go(previous)}>{t('previous')}</Button>}
        {next && (
          <Button type="primary" loading={save.isPending} onClick={() => go(next)}>
            {t('next')}
          </Button>
        )}
        {step !== 'send' && (
          <Button disabled={!changed || draft.name.trim() === ''} onClick={() => save.mutate(null)}>
            {t('save-draft')}
          </Button>
        )}
        {detail && (
          <Button danger type="text" loading={remove.isPending} onClick={() => remove.mutate(detail.campaign.id)}>
            {t('remove')}
          </Button>
        )}
      </div>
    </>
  );
}
