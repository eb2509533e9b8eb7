import { useId } from 'react';
import { type CampaignLook, CONFIDENCE_STEPS } from '../../../contract/campaigns.ts';
import { type CampaignInput, percent } from './campaigns-api.ts';
import { useCampaignText } from './texts/words.ts';

export interface GateChoice {
  how: 'all' | 'leave-out' | 'confirm';
  below: number;
}

/** Of those reachable, how many get a letter now under a choice. */
export function sizeOf(look: CampaignLook, { how, below }: GateChoice): number {
  if (how === 'confirm') return look.reachable - look.stale;
  return how === 'leave-out' ? look.reachable - belowOf(look, below) : look.reachable;
}

const belowOf = (look: CampaignLook, below: number): number =>
  look.below[(CONFIDENCE_STEPS as readonly number[]).indexOf(below)] ?? 0;

/** What is known of the addresses before anything leaves, and what is done about it: one tap. */
export function Gate({
  look,
  kind,
  value,
  onChange,
}: {
  look: CampaignLook;
  kind: CampaignInput['kind'];
  value: GateChoice;
  onChange(next: GateChoice): void;
}) {
  const t = useCampaignText();
  const name = useId();
  const { reachable: total, stale, likelyDead } = look;
  if (total === 0) return null;
  if (stale === 0) return <p className="xk-campaign-fresh">{t('gate-fresh', { total })}</p>;
  const radio = (how: GateChoice['how']) => ({
    type: 'radio' as const,
    name,
    checked: value.how === how,
    onChange: () => onChange({ ...value, how }),
  });
  return (
    <fieldset className="xk-campaign-gate">
      <legend>{t('gate-title')}</legend>
      <p className="xk-campaign-stale">
        {t(kind === 'mail' ? 'gate-stale-mail' : 'gate-stale-sms', { total, stale, dead: Math.round(likelyDead) })}
      </p>
      {kind === 'mail' && <p className="xk-muted">{t('gate-why')}</p>}
      <label className="xk-check">
        <input {...radio('leave-out')} />
        <span>
          {t('gate-leave-out', { percent: percent(value.below), n: belowOf(look, value.below) })}{' '}
          <select
            className="xk-plain-input xk-campaign-below-box"
            aria-label={t('gate-below')}
            value={value.below}
            onChange={({ target }) => onChange({ how: 'leave-out', below: Number(target.value) })}
          >
            {CONFIDENCE_STEPS.map((step) => (
              <option key={step} value={step}>
                {percent(step)}
              </option>
            ))}
          </select>
        </span>
      </label>
      <label className="xk-check">
        <input {...radio('confirm')} />
        <span>
          {t('gate-confirm', { n: stale })}
          <small className="xk-muted xk-campaign-below">{t('gate-confirm-hint')}</small>
        </span>
      </label>
      <label className="xk-check">
        <input {...radio('all')} />
        {t('gate-all')}
      </label>
    </fieldset>
  );
}
