import { PlusOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { FieldValue, ObjectDef } from '../../../../domain/schema/types.ts';
import { keys } from '../../../api/query.ts';
import { FieldText } from '../../../fields/field-text.tsx';
import { formatValue } from '../../../fields/format.ts';
import { useFormatEnv } from '../../../fields/sources.ts';
import { useLabel, useNoun } from '../../../i18n/core.ts';
import { Leaf } from '../../../ui/leaf.tsx';
import { Skeleton } from '../../../ui/page.tsx';
import { liveFields } from '../columns.ts';
import { ImportantDates } from './important-dates.tsx';
import { RecordLink } from './record-link.tsx';
import { useRecordText } from './texts.ts';
import { type RelatedPart, useRelated } from './use-related.ts';

const CreateDialog = lazy(async () => ({ default: (await import('../create-dialog.tsx')).CreateDialog }));
const DecisionChain = lazy(async () => ({ default: (await import('./decision-chain.tsx')).DecisionChain }));

/** Shown of each object. */
const FEW = 5;

interface Creating {
  object: ObjectDef;
  preset: Record<string, FieldValue>;
}

/**
 * Everything that belongs to the record: days to remember, who decides, then object by object: contacts, deals, orders, tickets, and what the team made
 * itself. Objects of which there is nothing yet stand in one line at the end.
 */
export function Related({ object, id, asOf }: { object: ObjectDef; id: string; asOf: string | undefined }) {
  const t = useRecordText();
  const noun = useNoun();
  const queryClient = useQueryClient();
  const { query, parts, dates } = useRelated(object.name, id, asOf);
  const [creating, setCreating] = useState<Creating | null>(null);
  const env = useFormatEnv(creating?.object.fields ?? []);
  if (query.isPending) return <Skeleton lines={6} />;
  const filled = parts.filter(({ page }) => page.rows.length > 0);
  const none = parts.filter(({ page }) => page.rows.length === 0);
  const create =
    asOf === undefined
      ? (part: RelatedPart) => setCreating({ object: part.object, preset: { [part.relation.name]: id } })
      : null;
  return (
    <div className="xk-related">
      <ImportantDates dates={dates} />
      {filled.map((part) => (
        <div key={part.object.name}>
          {part.object.fields.some((field) => field.chain && !field.retired) && (
            <Suspense fallback={<Skeleton lines={3} />}>
              <DecisionChain object={part.object} rows={part.page.rows} />
            </Suspense>
          )}
          <RelatedList part={part} id={id} onCreate={create && (() => create(part))} />
        </div>
      ))}
      {none.length > 0 && (
        <p className="xk-related-none">
          <span className="xk-muted">{t('related-nothing')}</span>
          {none.map((part) =>
            create ? (
              <Button
                key={part.object.name}
                size="small"
                icon={<PlusOutlined />}
                aria-label={t('related-add', { object: noun(part.object.label) })}
                onClick={() => create(part)}
              >
                {noun(part.object.label)}
              </Button>
            ) : (
              <span key={part.object.name}>{noun(part.object.label)}</span>
            ),
          )}
        </p>
      )}
      {creating && (
        <Suspense fallback={null}>
          <CreateDialog
            object={creating.object}
            env={env}
            preset={creating.preset}
            onClose={() => setCreating(null)}
            onCreated={() => {
              setCreating(null);
              void queryClient.invalidateQueries({ queryKey: keys.record(object.name, id) });
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

function RelatedList({ part, id, onCreate }: { part: RelatedPart; id: string; onCreate: (() => void) | null }) {
  const t = useRecordText();
  const label = useLabel();
  const noun = useNoun();
  const { object, relation, page } = part;
  const titles = new Map(Object.entries(page.titles ?? {}));
  const env = useFormatEnv(object.fields, titles);
  const filter = { field: relation.name, op: 'eq' as const, value: id };
  const facts = liveFields(object).filter(
    (field) =>
      field.name !== object.title &&
      field.name !== relation.name &&
      field.type !== 'longtext' &&
      field.name !== object.owner,
  );
  const rows = page.rows.slice(0, FEW);
  const count = page.count?.value ?? rows.length;
  const name = noun(object.label);
  return (
    <section className="xk-related-list">
      <div className="xk-related-head">
        <h2>
          {label(object.plural)} <span className="xk-muted xk-num">{count}</span>
        </h2>
        {onCreate && (
          <Button
            size="small"
            type="text"
            icon={<PlusOutlined />}
            aria-label={t('related-add', { object: name })}
            title={t('related-add', { object: name })}
            onClick={onCreate}
          />
        )}
      </div>
      <ul>
        {rows.map((row) => (
          <li key={row.id}>
            <span className="xk-related-title">
              <RecordLink object={object.name} id={row.id} title={String(row.values[object.title] ?? '')} />
              {row.freshness && <Leaf confidence={row.freshness.score} />}
            </span>
            <span className="xk-related-facts">
              {facts
                .filter((field) => formatValue(row.values[field.name], field, env) !== '')
                .slice(0, 3)
                .map((field) => (
                  <FieldText key={field.name} field={field} value={row.values[field.name]} env={env} />
                ))}
            </span>
          </li>
        ))}
      </ul>
      {count > rows.length && (
        <Link to="/o/$object" params={{ object: object.name }} search={{ filter: JSON.stringify(filter) }}>
          {t('related-all', { n: count })}
        </Link>
      )}
    </section>
  );
}
