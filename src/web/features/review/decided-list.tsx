import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { ProposalDecision } from '../../../contract/proposals.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useSession } from '../../api/query.ts';
import { formatMoment } from '../../fields/format.ts';
import { useLabel } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Choices } from '../../ui/choices.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { EmptyState, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { type DecidedBy, decidedKey, refreshCounts, refreshList, useDecided } from './review-api.ts';
import { useReviewText } from './texts.ts';

/** What people and rules decided, newest first; each can be taken back. */
export function DecidedList() {
  const t = useReviewText();
  const [by, setBy] = useState<DecidedBy>('all');
  const decided = useDecided(by);
  const rows = decided.data?.pages.flatMap((page) => page.decisions) ?? [];
  return (
    <div className="xk-inbox">
      <div className="xk-prop-filters">
        <Choices<DecidedBy>
          label={t('decided-by')}
          value={by}
          options={[
            { value: 'all', label: t('by-all') },
            { value: 'rules', label: t('by-rules') },
            { value: 'me', label: t('by-me') },
          ]}
          onChange={setBy}
        />
      </div>
      {decided.error && !decided.data && <Failure error={decided.error} onRetry={() => void decided.refetch()} />}
      {!decided.data && !decided.error && <Skeleton lines={8} />}
      {decided.data && rows.length === 0 && <EmptyState title={t('decided-none')} />}
      {rows.length > 0 && (
        <ul className="xk-props xk-decisions" aria-label={t('tab-decided')}>
          {rows.map((row) => (
            <Decision key={row.id} row={row} />
          ))}
        </ul>
      )}
      {decided.hasNextPage && (
        <Button block type="text" loading={decided.isFetchingNextPage} onClick={() => void decided.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </div>
  );
}

function Decision({ row }: { row: ProposalDecision }) {
  const t = useReviewText();
  const label = useLabel();
  const toasts = useToasts();
  const client = useQueryClient();
  const { workspace } = useSession();
  const undo = async () => {
    try {
      const body = { batch: row.batch, decisions: [row.id] };
      const { skipped } = await call(api.proposals.undo, { body });
      toasts.success(skipped > 0 ? t('put-back-partly', { n: skipped }) : t('put-back'));
    } catch (error) {
      toasts.error(sentence(error));
    }
    void client.invalidateQueries({ queryKey: decidedKey });
    void refreshList(client);
    void refreshCounts(client);
  };
  const what = row.decision === 'rejected' ? 'rejected' : row.meant ? 'accepted-meant' : 'accepted';
  const who = row.rule ? t('rule-did', { name: row.rule.name, version: row.rule.version }) : row.byName;
  return (
    <li className="xk-decision" data-undone={row.undoneAt !== null || undefined}>
      <div className="xk-prop-what">
        <Link className="xk-decision-title" to="/o/$object/$id" params={{ object: row.object, id: row.record }}>
          {row.title}
        </Link>
        <span className="xk-prop-name">{label(row.label)}</span>
        <span className="xk-prop-diff">
          {row.beforeText === '' ? <span className="xk-muted">{t('empty')}</span> : row.beforeText}
          <span aria-hidden="true"> → </span>
          <span>{row.valueText === '' ? t('cleared') : row.valueText}</span>
        </span>
      </div>
      <p className="xk-muted xk-decision-by">
        <Badge tone={row.undoneAt !== null ? 'plain' : row.decision === 'accepted' ? 'brand' : 'warn'}>
          {row.undoneAt !== null ? t('undone') : t(what)}
        </Badge>
        <span>
          {who} · {formatMoment(row.at, workspace.timeZone)}
        </span>
        {row.note && <span>{t('note', { note: row.note })}</span>}
      </p>
      {row.mayUndo && (
        <Button
          size="small"
          aria-label={t('undo-of', { title: row.title, field: label(row.label) })}
          onClick={() => void undo()}
        >
          {t('undo')}
        </Button>
      )}
    </li>
  );
}
