import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { Card } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { type CampaignDetail, campaignKeys, type Letter, percent } from './campaigns-api.ts';
import { useCampaignText } from './texts/words.ts';
import '../../ui/plain.css';

type Trial = NonNullable<CampaignDetail['trial']>;
const LETTERS: readonly Letter[] = ['a', 'b'];
const points = (share: number): string => (Math.abs(share) * 100).toFixed(1);

/** How the two letters did, with their intervals, whether they can be told apart, and which one the rest gets. */
export function TrialCard({ detail, trial }: { detail: CampaignDetail; trial: Trial }) {
  const t = useCampaignText();
  const toasts = useToasts();
  const client = useQueryClient();
  const moment = useDateFormat(DAY_AND_TIME);
  const { campaign, variants } = detail;
  const { id, state, split, winner, toSend } = campaign;
  const choose = useMutation({
    mutationFn: (letter: Letter) => call(api.campaigns.choose, { params: { id }, body: { winner: letter } }),
    onSuccess: (next, letter) => {
      client.setQueryData(campaignKeys.one(id), next);
      toasts.success(t('trial-chosen', { letter: letter.toUpperCase() }));
    },
    onError: (problem) => toasts.error(sentence(problem)),
  });
  const { difference, verdict } = trial;
  const better: Letter = difference.value < 0 ? 'b' : 'a';
  const [low, high] = better === 'a' ? [difference.low, difference.high] : [-difference.high, -difference.low];
  const by = t(split.by === 'clicks' ? 'by-clicks' : 'by-opens');
  return (
    <Card title={t('trial')}>
      <div className="xk-scroll">
        <table className="xk-plain-table">
          <thead>
            <tr>
              <td />
              <th scope="col">{t('funnel-sent')}</th>
              <th scope="col">{t('funnel-delivered')}</th>
              <th scope="col">{t('funnel-opened')}</th>
              <th scope="col">{t('funnel-clicked')}</th>
              <th scope="col">{by}</th>
            </tr>
          </thead>
          <tbody>
            {variants.map((one) => {
              const rate = trial[one.variant];
              return (
                <tr key={one.variant}>
                  <th scope="row">{t(one.variant === 'a' ? 'letter-a' : 'letter-b')}</th>
                  <td>{one.sent}</td>
                  <td>{one.delivered}</td>
                  <td>{one.opened}</td>
                  <td>{one.clicked}</td>
                  <td>
                    {t('trial-rate', {
                      rate: percent(rate.value, 1),
                      low: percent(rate.low, 1),
                      high: percent(rate.high, 1),
                    })}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <p>
        {verdict === 'apart'
          ? t('trial-apart', {
              leader: better.toUpperCase(),
              by,
              points: points(difference.value),
              low: points(low),
              high: points(high),
            })
          : t(`trial-${verdict}`)}
      </p>
      {winner && <p className="xk-muted">{t('trial-chosen', { letter: winner.toUpperCase() })}</p>}
      {state === 'testing' && (
        <>
          <p>
            {trial.decidesAt
              ? t('trial-clock', { at: moment.format(new Date(trial.decidesAt)), n: toSend })
              : t('trial-hand', { n: toSend })}
          </p>
          <div className="xk-campaign-do">
            {LETTERS.map((letter) => (
              <Button
                key={letter}
                type={letter === trial.leader && verdict === 'apart' ? 'primary' : 'default'}
                loading={choose.isPending}
                onClick={() => choose.mutate(letter)}
              >
                {t('trial-choose', { letter: letter.toUpperCase() })}
              </Button>
            ))}
          </div>
        </>
      )}
    </Card>
  );
}
