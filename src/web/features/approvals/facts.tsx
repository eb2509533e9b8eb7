import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ApprovalView } from '../../../contract/approvals.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { useAccounts, useObject } from '../../api/query.ts';
import { formatValue } from '../../fields/format.ts';
import { useFormatEnv } from '../../fields/sources.ts';
import { useLabel } from '../../i18n/core.ts';
import { useApprovalText } from './texts.ts';

/** Words of a condition, which another feature knows. */
export type Condition = (props: { object: ObjectDef; filter: Filter }) => ReactNode;

/** What exactly is asked for. */
export function Facts({ approval, Condition }: { approval: ApprovalView; Condition: Condition }) {
  switch (approval.kind) {
    case 'export':
      return <ExportFacts approval={approval} Condition={Condition} />;
    case 'mass':
      return <MassFacts approval={approval} />;
    case 'protected':
      return <ChangeFacts approval={approval} />;
    case 'campaign':
      return <CampaignFacts approval={approval} />;
    default:
      return <RecordFacts approval={approval} />;
  }
}

function ExportFacts({ approval, Condition }: { approval: ApprovalView; Condition: Condition }) {
  const t = useApprovalText();
  const label = useLabel();
  const object = useObject(approval.object ?? '');
  const { format, forEditing, fields, filter, search } = approval.facts;
  const names = fields?.map((name) => label(object?.fields.find((one) => one.name === name)?.label) || name);
  return (
    <dl className="xk-approval-facts">
      <dt>{t('fact-format')}</dt>
      <dd>
        {format === 'xlsx' ? 'Excel' : format?.toUpperCase()} {forEditing && `· ${t('fact-editing')}`}
      </dd>
      <dt>{t('fact-fields')}</dt>
      <dd>{names ? names.join(t('comma')) : t('fact-all-fields')}</dd>
      <dt>{t('fact-condition')}</dt>
      <dd>{filter && object ? <Condition object={object} filter={filter} /> : t('fact-whole')}</dd>
      {search && (
        <>
          <dt>{t('fact-search')}</dt>
          <dd>{search}</dd>
        </>
      )}
    </dl>
  );
}

function CampaignFacts({ approval }: { approval: ApprovalView }) {
  const t = useApprovalText();
  return (
    <dl className="xk-approval-facts">
      <dt>{t('fact-campaign')}</dt>
      <dd>{approval.facts.name}</dd>
    </dl>
  );
}

function MassFacts({ approval }: { approval: ApprovalView }) {
  const t = useApprovalText();
  const label = useLabel();
  const object = useObject(approval.object ?? '');
  const env = useFormatEnv(object?.fields ?? []);
  const action = approval.facts.action as { kind: Action; field?: string; value?: FieldValue } | undefined;
  if (!action) return null;
  const field = object?.fields.find((one) => one.name === action.field);
  const value = field && action.value !== undefined ? formatValue(action.value, field, env) : null;
  const words =
    action.kind === 'set' && field
      ? value
        ? t('fact-value', { field: label(field.label), value })
        : t('fact-cleared', { field: label(field.label) })
      : `${t(`action-${action.kind}`)}${field ? ` · ${label(field.label)}` : ''}${value ? ` · ${value}` : ''}`;
  return (
    <dl className="xk-approval-facts">
      <dt>{t('fact-action')}</dt>
      <dd>{words}</dd>
    </dl>
  );
}

type Action = 'set' | 'append' | 'remove' | 'replace' | 'verify' | 'delete' | 'restore' | 'standardise';

function ChangeFacts({ approval }: { approval: ApprovalView }) {
  const t = useApprovalText();
  const label = useLabel();
  const object = useObject(approval.object ?? '');
  const env = useFormatEnv(object?.fields ?? []);
  const changes = approval.facts.changes ?? [];
  if (changes.length === 0) return <p className="xk-muted">{t('fact-unseen')}</p>;
  return (
    <dl className="xk-approval-facts">
      {changes.map(({ object: name, id, title, field: column, hidden, before, after }) => {
        const field = object?.fields.find((one) => one.name === column);
        const show = (value: FieldValue | undefined) =>
          (field && value !== undefined && formatValue(value, field, env)) || t('empty');
        return (
          <div key={`${id} ${column}`} style={{ display: 'contents' }}>
            <dt>
              {title === null ? (
                t('unnamed')
              ) : (
                <Link to="/o/$object/$id" params={{ object: name, id }}>
                  {title}
                </Link>
              )}
            </dt>
            <dd>
              {label(field?.label) || column}{' '}
              {hidden ? (
                <span className="xk-muted">{t('fact-hidden')}</span>
              ) : (
                <>
                  <del>{show(before)}</del> → <ins>{show(after)}</ins>
                </>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function RecordFacts({ approval }: { approval: ApprovalView }) {
  const t = useApprovalText();
  const accounts = useAccounts();
  const { records = [], winner, owner } = approval.facts;
  const name = accounts.find(({ id }) => id === owner)?.name;
  return (
    <dl className="xk-approval-facts">
      <dt>{t('fact-records')}</dt>
      <dd>
        {records.length === 0 && <span className="xk-muted">{t('fact-unseen')}</span>}
        <ul>
          {records.map(({ object, id, title }) => (
            <li key={id}>
              <Link to="/o/$object/$id" params={{ object, id }}>
                {title || t('unnamed')}
              </Link>
              {id === winner && <span className="xk-muted"> · {t('fact-winner')}</span>}
            </li>
          ))}
        </ul>
      </dd>
      {approval.kind === 'claim' && (
        <>
          <dt>{t('fact-owner')}</dt>
          <dd>{name ?? t('fact-nobody')}</dd>
        </>
      )}
    </dl>
  );
}
