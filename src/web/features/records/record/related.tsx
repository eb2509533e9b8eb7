import { PlusOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { api } from '../../../../contract/api.ts';
import type { FieldDef, ObjectDef } from '../../../../domain/schema/types.ts';
import { call } from '../../../api/client.ts';
import { keys, useCatalog } from '../../../api/query.ts';
import { FieldText } from '../../../fields/field-text.tsx';
import { formatValue } from '../../../fields/format.ts';
import { useFormatEnv } from '../../../fields/sources.ts';
import { useLabel, useNoun } from '../../../i18n/core.ts';
import { Leaf } from '../../../ui/leaf.tsx';
import { Skeleton } from '../../../ui/page.tsx';
import { liveFields } from '../columns.ts';
import { parentField } from './add-interaction.tsx';
import { RecordLink } from './record-link.tsx';
import { useRecordText } from './texts.ts';

const CreateDialog = lazy(async () => ({ default: (await import('../create-dialog.tsx')).CreateDialog }));

/** Everything that belongs to the record, by object: contacts, opportunities, contracts, and objects that the team made itself. */
export function Related({ object, id, asOf }: { object: ObjectDef; id: string; asOf: string | undefined }) {
  const catalog = useCatalog();
  const children = catalog.objects.flatMap((child) => {
    const relation = child.retired || child.appendOnly ? null : parentField(child, object.name);
    return relation ? [{ child, relation }] : [];
  });
  return (
    <div className="xk-related">
      {children.map(({ child, relation }) => (
        <RelatedList key={child.name} object={child} relation={relation} id={id} asOf={asOf} />
      ))}
    </div>
  );
}

function RelatedList({
  object,
  relation,
  id,
  asOf,
}: {
  object: ObjectDef;
  relation: FieldDef;
  id: string;
  asOf: string | undefined;
}) {
  const t = useRecordText();
  const label = useLabel();
  const noun = useNoun();
  const queryClient = useQueryClient();
  const [creating, setCreating] = useState(false);
  const filter = { field: relation.name, op: 'eq' as const, value: id };
  const list = useQuery({
    queryKey: [...keys.records(object.name), 'of', id, asOf ?? 'now'],
    queryFn: ({ signal }) =>
      call(api.records.query, {
        body: {
          object: object.name,
          filter,
          page: { limit: 6 },
          count: 'capped',
          freshness: asOf === undefined,
          ...(asOf && { asOf }),
        },
        signal,
      }),
  });
  const titles = new Map(Object.entries(list.data?.titles ?? {}));
  const env = useFormatEnv(object.fields, titles);
  const facts = liveFields(object).filter(
    (field) =>
      field.name !== object.title &&
      field.name !== relation.name &&
      field.type !== 'longtext' &&
      field.name !== object.owner,
  );
  const rows = list.data?.rows ?? [];
  const name = noun(object.label);
  return (
    <section className="xk-related-list">
      <div className="xk-related-head">
        <h2>
          {label(object.plural)}{' '}
          {list.data?.count && list.data.count.value > 0 && (
            <span className="xk-muted xk-num">{list.data.count.value}</span>
          )}
        </h2>
        {!asOf && (
          <Button
            size="small"
            type="text"
            icon={<PlusOutlined />}
            aria-label={t('related-add', { object: name })}
            title={t('related-add', { object: name })}
            onClick={() => setCreating(true)}
          />
        )}
      </div>
      {list.isPending && <Skeleton lines={2} />}
      {list.isSuccess && rows.length === 0 && (
        <p className="xk-muted">{t('related-none', { object: noun(object.plural) })}</p>
      )}
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
      {list.data?.count && list.data.count.value > rows.length && (
        <Link to="/o/$object" params={{ object: object.name }} search={{ filter: JSON.stringify(filter) }}>
          {t('related-all', { n: list.data.count.value })}
        </Link>
      )}
      {creating && (
        <Suspense fallback={null}>
          <CreateDialog
            object={object}
            env={env}
            preset={{ [relation.name]: id }}
            onClose={() => setCreating(false)}
            onCreated={() => {
              setCreating(false);
              void queryClient.invalidateQueries({ queryKey: keys.records(object.name) });
            }}
          />
        </Suspense>
      )}
    </section>
  );
}
