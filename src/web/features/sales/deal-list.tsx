import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Drawer } from 'antd';
import { api } from '../../../contract/api.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { keys } from '../../api/query.ts';
import { FieldText } from '../../fields/field-text.tsx';
import { formatValue } from '../../fields/format.ts';
import { useFormatEnv } from '../../fields/sources.ts';
import { Skeleton } from '../../ui/page.tsx';
import { useSalesText } from './texts.ts';

/** A figure with the records behind it. */
export interface Listed {
  what: string;
  n: number;
  ids: string[];
}

/** The records behind a figure. */
export function DealList({ object, list, onClose }: { object: ObjectDef; list: Listed; onClose(): void }) {
  const t = useSalesText();
  const found = useQuery({
    queryKey: [...keys.records(object.name), 'those', list.ids],
    queryFn: ({ signal }) =>
      call(api.records.query, {
        body: {
          object: object.name,
          filter: { field: '$id', op: 'in', value: list.ids },
          sort: [{ field: '$updated_at', dir: 'desc' }],
          page: { limit: 100 },
        },
        signal,
      }),
  });
  const titles = new Map(Object.entries(found.data?.titles ?? {}));
  const env = useFormatEnv(object.fields, titles);
  const facts = object.fields.filter(
    (field) => !field.retired && field.name !== object.title && !['longtext', 'file'].includes(field.type),
  );
  return (
    <Drawer open title={t('list-title', { what: list.what, n: list.n })} onClose={onClose} size={460}>
      {found.isPending && <Skeleton lines={6} />}
      <ul className="xk-deals">
        {found.data?.rows.map((row) => (
          <li key={row.id}>
            <Link to="/o/$object/$id" params={{ object: object.name, id: row.id }}>
              {String(row.values[object.title] ?? '')}
            </Link>
            <span>
              {facts
                .filter((field) => formatValue(row.values[field.name], field, env) !== '')
                .slice(0, 4)
                .map((field) => (
                  <FieldText key={field.name} field={field} value={row.values[field.name]} env={env} />
                ))}
            </span>
          </li>
        ))}
      </ul>
      {list.n > list.ids.length && <p className="xk-muted">{t('list-more')}</p>}
    </Drawer>
  );
}
