import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { Choices } from '../../ui/choices.tsx';
import { Card } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { type CampaignDetail, campaignKeys, type Letter } from './campaigns-api.ts';
import { Gate, type GateChoice, sizeOf } from './gate.tsx';
import { ReachWords } from './reach-words.tsx';
import { Recipients } from './recipients.tsx';
import { SenderCheck } from './sender-check.tsx';
import { useCampaignText } from './texts/words.ts';

/** Who is reached, whether the addresses hold, whether the sender is known; then it leaves. */
export function SendStep({ detail }: { detail: CampaignDetail }) {
  const t = useCampaignText();
  const toasts = useToasts();
  const client = useQueryClient();
  const moment = useDateFormat(DAY_AND_TIME);
  const { campaign, look } = detail;
  const { id, kind, state, variants } = campaign;
  const [gate, setGate] = useState<GateChoice>({ how: 'confirm', below: 0.7 });
  const keep = (next: CampaignDetail) => {
    const { campaign, ...rest } = next;
    client.setQueryData(campaignKeys.one(id), { ...rest, campaign });
    void client.invalidateQueries({ queryKey: campaignKeys.list });
  };
  const check = useMutation({
    mutationFn: () => call(api.campaigns.check, { params: { id } }),
    onSuccess: keep,
    onError: (problem) => toasts.error(sentence(problem)),
  });
  const test = useMutation({
    mutationFn: (variant: Letter) => call(api.campaigns.test, { params: { id }, body: { variant } }),
    onSuccess: ({ to }) => toasts.success(t('test-sent', { to })),
    onError: (problem) => toasts.error(sentence(problem)),
  });
  const send = useMutation({
    mutationFn: (at: Date | null) =>
      call(api.campaigns.send, {
        params: { id },
        body: {
          version: campaign.version,
          // Where nothing is past due there is nothing to decide.
          gate: look && look.stale > 0 ? gate.how : 'all',
          ...(gate.how === 'leave-out' && { below: gate.below }),
          ...(at && { at: at.toISOString() }),
        },
      }),
    onSuccess: (next) => {
      keep(next);
      const { state: now } = next.campaign;
      toasts.success(t(now === 'waiting' ? 'sent-asked' : now === 'scheduled' ? 'sent-later' : 'sent-ok'));
      if (next.tasks > 0) toasts.info(t('sent-tasks', { n: next.tasks }));
    },
    onError: (problem) => toasts.error(sentence(problem)),
  });
  const missing = variants.some(
    ({ subject, text }) => text.trim() === '' || (kind === 'mail' && subject.trim() === ''),
  );
  const size = look ? sizeOf(look, look.stale > 0 ? gate : { ...gate, how: 'all' }) : 0;
  return (
    <div className="xk-campaign-steps">
      <Card
        title={t('check')}
        extra={
          <Button
            type={look ? 'default' : 'primary'}
            loading={check.isPending || state === 'checking'}
            onClick={() => check.mutate()}
          >
            {t(look ? 'check-again' : 'check')}
          </Button>
        }
      >
        {campaign.problem !== null && <p className="xk-campaign-warn">{campaign.problem}</p>}
        {state === 'checking' && <p role="status">{t('checking')}</p>}
        {!look && state !== 'checking' && <p className="xk-muted">{t('check-first')}</p>}
        {look && state === 'checked' && (
          <>
            <ReachWords look={look} />
            <Gate look={look} kind={kind} value={gate} onChange={setGate} />
            <details className="xk-campaign-details">
              <summary>{t('who')}</summary>
              <Recipients id={id} start="all" counts={detail.states} />
            </details>
            {campaign.checkedAt && (
              <small className="xk-muted">{t('checked-at', { at: moment.format(new Date(campaign.checkedAt)) })}</small>
            )}
          </>
        )}
      </Card>
      {kind === 'mail' && (
        <Card title={t('sender')}>
          <SenderCheck />
        </Card>
      )}
      <Card title={t('when')}>
        {missing && (
          <p className="xk-campaign-warn">{t('letter-missing', { what: t(kind === 'mail' ? 'subject' : 'text') })}</p>
        )}
        {kind === 'mail' && (
          <div className="xk-campaign-do">
            {variants.map((_, n) => {
              const letter: Letter = n === 1 ? 'b' : 'a';
              return (
                <Button key={letter} disabled={missing} loading={test.isPending} onClick={() => test.mutate(letter)}>
                  {t(variants.length > 1 ? (n === 1 ? 'test-b' : 'test-a') : 'test')}
                </Button>
              );
            })}
          </div>
        )}
        <SendForm
          size={size}
          disabled={missing || state !== 'checked' || size === 0}
          pending={send.isPending}
          onSend={(at) => send.mutate(at)}
        />
      </Card>
    </div>
  );
}

function SendForm({
  size,
  disabled,
  pending,
  onSend,
}: {
  size: number;
  disabled: boolean;
  pending: boolean;
  onSend(at: Date | null): void;
}) {
  const t = useCampaignText();
  const id = useId();
  const [when, setWhen] = useState<'now' | 'later'>('now');
  const [at, setAt] = useState('');
  const [sure, setSure] = useState(false);
  const time = when === 'later' && at !== '' ? new Date(at) : null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (sure) onSend(time);
        setSure(!sure);
      }}
    >
      <Choices<'now' | 'later'>
        label={t('when')}
        value={when}
        options={[
          { value: 'now', label: t('when-now') },
          { value: 'later', label: t('when-later') },
        ]}
        onChange={setWhen}
      />
      {when === 'later' && (
        <div className="xk-form-row">
          <label htmlFor={id}>{t('when-at')}</label>
          <input
            id={id}
            type="datetime-local"
            required
            className="xk-plain-input"
            value={at}
            onChange={({ target }) => setAt(target.value)}
          />
        </div>
      )}
      <p className="xk-muted">{t('when-hint')}</p>
      {sure && <p role="status">{t('send-sure', { n: size })}</p>}
      <div className="xk-campaign-do">
        <Button type="primary" htmlType="submit" disabled={disabled} loading={pending}>
          {sure ? t('send-yes') : t('send', { n: size })}
        </Button>
        {sure && <Button onClick={() => setSure(false)}>{t('send-no')}</Button>}
      </div>
    </form>
  );
}
