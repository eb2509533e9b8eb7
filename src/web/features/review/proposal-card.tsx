import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useEffect, useRef } from 'react';
import type { Proposal } from '../../../contract/proposals.ts';
import { useObject, useSession } from '../../api/query.ts';
import { formatMoment } from '../../fields/format.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { agoText, type Stop, stopKey } from './inbox-model.ts';
import { ProposedFieldRow } from './proposed-field.tsx';
import { useReviewText } from './texts.ts';
import type { Verdict } from './use-decisions.ts';

/** One proposal: whose record, from whom and when, and its fields. */
export function ProposalCard({
  proposal,
  current,
  armed,
  selected,
  onSelect,
  onPick,
  onDecide,
  onRejectWhy,
}: {
  proposal: Proposal;
  /** Key of the field one is at. */
  current: string | null;
  armed: string | null;
  selected: boolean;
  onSelect(range: boolean): void;
  onPick(stop: Stop): void;
  onDecide(fields: string[], verdict: Verdict): void;
  onRejectWhy(fields: string[], anchor: DOMRect): void;
}) {
  const t = useReviewText();
  const label = useLabel();
  const lang = useLang();
  const object = useObject(proposal.object);
  const { workspace } = useSession();
  const entry = useRef<HTMLLIElement>(null);
  const here = proposal.fields.some(({ field }) => stopKey({ id: proposal.id, field }) === current);
  useEffect(() => {
    const row = here && entry.current?.querySelector('[data-current]');
    if (row) row.scrollIntoView({ block: 'nearest' });
  });
  const mine = proposal.fields.filter(({ mayDecide }) => mayDecide).map(({ field }) => field);
  const changed = proposal.fields.some(({ standing }) => standing === 'changed');
  return (
    <li ref={entry} className="xk-prop" data-here={here || undefined} data-selected={selected || undefined}>
      <div className="xk-prop-head">
        <input
          type="checkbox"
          className="xk-box"
          aria-label={t('select', { title: proposal.title })}
          checked={selected}
          onChange={() => undefined}
          onClick={(event) => onSelect(event.shiftKey)}
        />
        <h2>
          <Link to="/o/$object/$id" params={{ object: proposal.object, id: proposal.record }}>
            {proposal.title}
          </Link>
        </h2>
        {proposal.object !== 'customer' && <Badge>{label(object?.label)}</Badge>}
        {proposal.origins
          // “A colleague's change” says nothing more where it is odd, or held by a rule.
          .filter((origin) => origin !== 'colleague' || proposal.origins.length === 1)
          .map((origin) => (
            <Badge key={origin} tone={origin === 'odd' || origin === 'rule' ? 'warn' : 'plain'}>
              {t(`from-${origin}`)}
            </Badge>
          ))}
        <span className="xk-prop-by xk-muted" title={formatMoment(proposal.at, workspace.timeZone)}>
          {t('by', { who: whoOf(proposal, t('by-customer')), ago: agoText(proposal.at, Date.now(), lang) })}
        </span>
        {mine.length > 1 && !changed && (
          <span className="xk-prop-all">
            <Button
              size="small"
              aria-label={t('accept-all-of', { title: proposal.title })}
              onClick={() => onDecide(mine, 'accept')}
            >
              {t('accept-all')}
            </Button>
            <Button
              size="small"
              aria-label={t('reject-all-of', { title: proposal.title })}
              onClick={() => onDecide(mine, 'reject')}
            >
              {t('reject-all')}
            </Button>
          </span>
        )}
      </div>
      <ul className="xk-prop-fields">
        {proposal.fields.map((field) => {
          const key = stopKey({ id: proposal.id, field: field.field });
          return (
            <ProposedFieldRow
              key={field.field}
              proposal={proposal}
              field={field}
              current={key === current}
              armed={key === armed}
              onPick={() => onPick({ id: proposal.id, field: field.field })}
              onDecide={(verdict) => onDecide([field.field], verdict)}
              onRejectWhy={(anchor) => onRejectWhy([field.field], anchor)}
            />
          );
        })}
      </ul>
    </li>
  );
}

/** A customer's answer names him in its reason; of a colleague's change, who made it and why. */
function whoOf({ source, actorName, reason }: Proposal, customer: string): string {
  if (source === 'customer') return reason ?? (actorName || customer);
  return [actorName, reason].filter(Boolean).join(' · ') || customer;
}
