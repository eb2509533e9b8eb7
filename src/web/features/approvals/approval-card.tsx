import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { api } from '../../../contract/api.ts';
import type { ApprovalView } from '../../../contract/approvals.ts';
import { download } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useObject, useSession } from '../../api/query.ts';
import { useDateFormat } from '../../api/use-date-format.ts';
import { useNoun } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { type Condition, Facts } from './facts.tsx';
import { type ApprovalText, useApprovalText } from './texts.ts';

/** What is asked for in one line: 导出 1,204 行客户. */
export function useWhat(): (approval: ApprovalView, plural: string) => string {
  const t = useApprovalText();
  return ({ kind, size }, object) => t(`what-${kind}`, { n: size.toLocaleString(), object });
}

/** One request: what, by whom, why; what can be done with it; how it went. */
export function ApprovalCard({
  approval,
  here,
  open,
  busy,
  Condition,
  onOpen,
  onApprove,
  onRefuse,
  onWithdraw,
}: {
  approval: ApprovalView;
  here: boolean;
  open: boolean;
  busy: boolean;
  Condition: Condition;
  onOpen(open: boolean): void;
  onApprove(): void;
  onRefuse(anchor: DOMRect): void;
  onWithdraw(): void;
}) {
  const t = useApprovalText();
  const noun = useNoun();
  const object = useObject(approval.object ?? '');
  const moment = useDateFormat({ dateStyle: 'medium', timeStyle: 'short' });
  const at = (iso: string) => moment.format(new Date(iso));
  const what = useWhat()(approval, object ? noun(approval.size === 1 ? object.label : object.plural) : '');
  const { state, may, deciders } = approval;
  return (
    <li className="xk-approval" data-here={here || undefined} data-id={approval.id}>
      <div className="xk-approval-head">
        <h2>{what}</h2>
        {state !== 'open' && <Badge tone={TONES[state] ?? 'plain'}>{t(`state-${state}`)}</Badge>}
        {approval.overdue && <Badge tone="warn">{t('overdue')}</Badge>}
        <span className="xk-approval-do">
          {may.decide && (
            <>
              <Button
                type="primary"
                size="small"
                disabled={busy}
                aria-label={t('approve-what', { what })}
                onClick={onApprove}
              >
                {t('approve')}
              </Button>
              <Button
                size="small"
                disabled={busy}
                aria-label={t('refuse-what', { what })}
                onClick={(event) => onRefuse(event.currentTarget.getBoundingClientRect())}
              >
                {t('refuse')}
              </Button>
            </>
          )}
          {may.withdraw && (
            <Button size="small" disabled={busy} onClick={onWithdraw}>
              {t('withdraw')}
            </Button>
          )}
          <ResultLink approval={approval} t={t} />
        </span>
      </div>
      <p className="xk-muted">{t('asks', { name: approval.askerName, at: at(approval.at) })}</p>
      <p>{approval.reason ? t('why', { reason: approval.reason }) : <span className="xk-muted">{t('no-why')}</span>}</p>
      <Facts approval={approval} Condition={Condition} />
      {state === 'open' && (
        <p className="xk-muted">
          {deciders.length > 0
            ? t('waits', { names: deciders.join(t('comma')), due: at(approval.due) })
            : t('waits-admin', { due: at(approval.due) })}
        </p>
      )}
      {approval.error && <p className="xk-approval-error">{approval.error.message}</p>}
      <details open={open} onToggle={(event) => onOpen(event.currentTarget.open)}>
        <summary>{t('trail')}</summary>
        <ol className="xk-approval-trail">
          {approval.trail.map((step) => (
            <li key={`${step.at}${step.what}`}>
              <span className="xk-muted xk-num">{at(step.at)}</span>
              <span>
                {step.name || t('system')} {t(`step-${step.what}` as 'step-asked')}
              </span>
              {step.word && <span>“{step.word}”</span>}
            </li>
          ))}
        </ol>
        <code>{t('fingerprint', { hash: approval.hash.slice(0, 16) })}</code>
      </details>
    </li>
  );
}

const TONES: Partial<Record<ApprovalView['state'], 'brand' | 'warn'>> = {
  done: 'brand',
  approved: 'brand',
  failed: 'warn',
  refused: 'warn',
};

/** Where what was done can be looked at, for who asked. */
function ResultLink({ approval, t }: { approval: ApprovalView; t: ApprovalText }) {
  const { account } = useSession();
  const toasts = useToasts();
  if (approval.result?.changeSet)
    return (
      <Link to="/bin" className="xk-link-button xk-link-small">
        {t('see-set')}
      </Link>
    );
  const file = approval.result?.export;
  if (file && approval.asker === `user:${account.id}`)
    return (
      <Button
        type="primary"
        size="small"
        onClick={() =>
          void download(api.exports.file, { params: { id: file } }, 'export').catch((error: unknown) =>
            toasts.error(sentence(error)),
          )
        }
      >
        {t('see-file')}
      </Button>
    );
  return null;
}
