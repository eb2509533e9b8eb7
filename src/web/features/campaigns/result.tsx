import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { Card } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { type CampaignDetail, campaignKeys, percent } from './campaigns-api.ts';
import { ReachWords } from './reach-words.tsx';
import { Recipients } from './recipients.tsx';
import { useCampaignText } from './texts/words.ts';
import { TrialCard } from './trial-card.tsx';

const STEPS = ['sent', 'delivered', 'opened', 'clicked', 'unsubscribed', 'bounced'] as const;

/** How it goes and what came of it: funnel, the two letters compared, links, people. */
export function Result({ detail }: { detail: CampaignDetail }) {
  const t = useCampaignText();
  const moment = useDateFormat(DAY_AND_TIME);
  const { campaign, links, states, leftOut, confirmed } = detail;
  const { figures, gate, state, startAt, kind } = campaign;
  // Nobody counts opens and clicks of texts, or where it was not wanted.
  const counted = kind === 'mail' && campaign.tracked;
  const steps = STEPS.filter((step) => counted || (step !== 'opened' && step !== 'clicked'));
  const out = Object.values(leftOut).reduce((sum, n) => sum + n, 0);
  return (
    <div className="xk-campaign-steps">
      <Card title={t(`state-${state}`)} extra={<Acts detail={detail} />}>
        {campaign.problem !== null && <p className="xk-campaign-warn">{campaign.problem}</p>}
        {state === 'scheduled' && startAt && <p>{t('starts-at', { at: moment.format(new Date(startAt)) })}</p>}
        {campaign.toSend > 0 && state !== 'cancelled' && <p role="status">{t('progress', { n: campaign.toSend })}</p>}
        {campaign.held > 0 && (
          <p>
            {t('progress-held', { n: campaign.held })} {confirmed > 0 && <Confirmed id={campaign.id} n={confirmed} />}
          </p>
        )}
        <ol className="xk-campaign-funnel">
          {steps.map((step) => (
            <li key={step} data-step={step}>
              <span>{t(`funnel-${step}`)}</span>
              <span className="xk-campaign-funnel-bar">
                <i style={{ width: percent(figures.sent > 0 ? figures[step] / figures.sent : 0, 1) }} />
              </span>
              <span className="xk-num">
                {figures[step]}
                {step !== 'sent' && figures.sent > 0 && (
                  <small className="xk-muted"> {percent(figures[step] / figures.sent, 1)}</small>
                )}
              </span>
            </li>
          ))}
        </ol>
        {counted && <p className="xk-muted xk-campaign-small">{t('funnel-hint')}</p>}
        {gate && (
          <p className="xk-muted xk-campaign-small">
            {t(`gate-was-${gate.how}`, { name: gate.byName, percent: percent(gate.below ?? 0) })} ·{' '}
            {moment.format(new Date(gate.at))}
          </p>
        )}
      </Card>
      {detail.trial && <TrialCard detail={detail} trial={detail.trial} />}
      {counted && links.length > 0 && (
        <Card title={t('links')}>
          <ul className="xk-campaign-links">
            {links.map(({ url, variant, people, clicks }) => (
              <li key={`${variant} ${url}`}>
                <span>
                  {campaign.variants.length > 1 && <strong>{variant.toUpperCase()} </strong>}
                  {url}
                </span>
                <span className="xk-num">{t('link-people', { n: people, clicks })}</span>
              </li>
            ))}
          </ul>
        </Card>
      )}
      <Card title={t('who')}>
        {out > 0 && (
          <details className="xk-campaign-details">
            <summary>{t('left-out', { n: out })}</summary>
            <ReachWords look={{ reachable: figures.sent + campaign.toSend, leftOut }} />
          </details>
        )}
        <Recipients id={campaign.id} start={figures.sent > 0 ? 'sent' : 'all'} counts={{ ...states, ...figures }} />
      </Card>
    </div>
  );
}

function useAct(id: string) {
  const t = useCampaignText();
  const toasts = useToasts();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (what: 'pause' | 'resume' | 'cancel' | 'confirmed') =>
      call(api.campaigns.act, { params: { id }, body: { do: what } }),
    onSuccess: (next, what) => {
      client.setQueryData(campaignKeys.one(id), next);
      toasts.success(t(`done-${what}`));
    },
    onError: (problem) => toasts.error(sentence(problem)),
    onSettled: () => client.invalidateQueries({ queryKey: campaignKeys.list }),
  });
}

function Confirmed({ id, n }: { id: string; n: number }) {
  const t = useCampaignText();
  const act = useAct(id);
  return (
    <Button size="small" loading={act.isPending} onClick={() => act.mutate('confirmed')}>
      {t('confirmed-send', { n })}
    </Button>
  );
}

function Acts({ detail: { campaign } }: { detail: CampaignDetail }) {
  const t = useCampaignText();
  const act = useAct(campaign.id);
  const [sure, setSure] = useState(false);
  const { state } = campaign;
  const running = ['scheduled', 'sending', 'testing'].includes(state);
  const open = running || state === 'paused' || state === 'waiting';
  if (!open) return null;
  if (sure)
    return (
      <span className="xk-campaign-do">
        {t('cancel-sure')}
        <Button
          danger
          size="small"
          onClick={() => {
            setSure(false);
            act.mutate('cancel');
          }}
        >
          {t('cancel-yes')}
        </Button>
        <Button size="small" onClick={() => setSure(false)}>
          {t('send-no')}
        </Button>
      </span>
    );
  return (
    <span className="xk-campaign-do">
      {running && (
        <Button size="small" loading={act.isPending} onClick={() => act.mutate('pause')}>
          {t('pause')}
        </Button>
      )}
      {state === 'paused' && (
        <Button size="small" type="primary" loading={act.isPending} onClick={() => act.mutate('resume')}>
          {t('resume')}
        </Button>
      )}
      <Button size="small" onClick={() => setSure(true)}>
        {t('cancel')}
      </Button>
    </span>
  );
}
