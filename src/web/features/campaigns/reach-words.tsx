import type { CampaignLook } from '../../../contract/campaigns.ts';
import { LEFT_OUT } from '../../../contract/campaigns.ts';
import { useCampaignText } from './texts/words.ts';

/** How many can be reached, and why the others can't. */
export function ReachWords({ look: { reachable, leftOut } }: { look: Pick<CampaignLook, 'reachable' | 'leftOut'> }) {
  const t = useCampaignText();
  const out = LEFT_OUT.filter((reason) => (leftOut[reason] ?? 0) > 0);
  const sum = out.reduce((all, reason) => all + (leftOut[reason] ?? 0), 0);
  return (
    <>
      <p className="xk-campaign-reach">{reachable > 0 ? t('reach', { n: reachable }) : t('reach-none')}</p>
      {sum > 0 && (
        <>
          <p className="xk-muted">{t('left-out', { n: sum })}</p>
          <dl className="xk-campaign-out">
            {out.map((reason) => (
              <div key={reason}>
                <dt>{t(`out-${reason}`)}</dt>
                <dd className="xk-num">{leftOut[reason]}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </>
  );
}
