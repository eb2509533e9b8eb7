import { CheckOutlined, CloseOutlined, EllipsisOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { Proposal, ProposedField } from '../../../contract/proposals.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { agoText, percentText, timesText } from './inbox-model.ts';
import { useReviewText } from './texts.ts';
import type { Verdict } from './use-decisions.ts';

/** One field: what stood there, what is proposed, why it waits, and the buttons. */
export function ProposedFieldRow({
  proposal,
  field,
  current,
  armed,
  onPick,
  onDecide,
  onRejectWhy,
}: {
  proposal: Proposal;
  field: ProposedField;
  current: boolean;
  /** One more A overwrites what somebody wrote meanwhile. */
  armed: boolean;
  onPick(): void;
  onDecide(verdict: Verdict): void;
  onRejectWhy(anchor: DOMRect): void;
}) {
  const t = useReviewText();
  const label = useLabel();
  const name = label(field.label);
  const what = { title: proposal.title, field: name };
  const { suspicion, standing } = field;
  const acceptText = standing === 'changed' ? 'accept-anyway' : standing === 'already' ? 'confirm' : 'accept';
  const hasMeant = suspicion?.meantText !== undefined;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a press only moves the place there; J and K do the same
    <li className="xk-prop-field" data-current={current || undefined} onClick={onPick}>
      <div className="xk-prop-what">
        <span className="xk-prop-name">{name}</span>
        <span className="xk-prop-diff">
          {field.beforeText === '' ? <span className="xk-muted">{t('empty')}</span> : <del>{field.beforeText}</del>}
          <span aria-hidden="true"> → </span>
          <ins>{field.wantedText === '' ? t('cleared') : field.wantedText}</ins>
        </span>
        <span className={`xk-prop-sure xk-muted${field.confidence < 0.5 ? ' xk-prop-unsure' : ''}`}>
          {t('sure', { percent: percentText(field.confidence) })}
        </span>
      </div>
      <Why field={field} />
      {armed && (
        <p className="xk-prop-armed" role="alert">
          {t('armed')}
        </p>
      )}
      {field.mayDecide ? (
        <div className="xk-prop-do">
          {hasMeant && (
            <Button
              size="small"
              type="primary"
              aria-label={t('meant-field', { ...what, value: suspicion?.meantText ?? '' })}
              onClick={() => onDecide('meant')}
            >
              {t('meant', { value: suspicion?.meantText ?? '' })}
            </Button>
          )}
          <Button
            size="small"
            icon={<CheckOutlined />}
            type={hasMeant || standing === 'changed' ? 'default' : 'primary'}
            aria-label={t(`${acceptText}-field`, what)}
            onClick={() => onDecide('accept')}
          >
            {t(acceptText)}
          </Button>
          <Button
            size="small"
            icon={<CloseOutlined />}
            aria-label={t('reject-field', what)}
            onClick={() => onDecide('reject')}
          >
            {t('reject')}
          </Button>
          <Button
            size="small"
            type="text"
            icon={<EllipsisOutlined />}
            aria-label={t('reject-why-field', what)}
            title={t('reject-why')}
            aria-haspopup="dialog"
            onClick={(event) => onRejectWhy(event.currentTarget.getBoundingClientRect())}
          />
        </div>
      ) : (
        <p className="xk-muted xk-prop-do">{t('no-right')}</p>
      )}
    </li>
  );
}

/** Why it waits, and what became of the record since. */
function Why({ field }: { field: ProposedField }) {
  const t = useReviewText();
  const lang = useLang();
  const { suspicion, heldBy, standing } = field;
  const now = field.nowText === '' ? t('empty') : field.nowText;
  const reasons = [
    ...(suspicion
      ? [t(`why-${suspicion.code}`, { usual: suspicion.usualText, times: timesText(suspicion.times) })]
      : []),
    ...(heldBy ? [heldWords(t, heldBy)] : []),
  ];
  return (
    <>
      {reasons.map((reason) => (
        <p key={reason} className="xk-prop-why xk-muted">
          {reason}
        </p>
      ))}
      {standing === 'changed' && (
        <p className="xk-prop-why xk-prop-changed">
          {field.changedBy && field.changedAt
            ? t('changed-by', { who: field.changedBy, ago: agoText(field.changedAt, Date.now(), lang), now })
            : t('changed-anyhow', { now })}
        </p>
      )}
      {standing === 'already' && <p className="xk-prop-why xk-muted">{t('already')}</p>}
    </>
  );
}

function heldWords(
  t: ReturnType<typeof useReviewText>,
  { name, times, trust }: NonNullable<ProposedField['heldBy']>,
): string {
  if (times !== undefined) return t('why-rule-times', { name, times: String(Number(times.toPrecision(2))) });
  if (trust !== undefined) return t('why-rule-trust', { name, percent: percentText(trust) });
  return t('why-rule', { name });
}
