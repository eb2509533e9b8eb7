import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import type { Query } from './block-store.ts';

/**
 * All records that a query finds, page by page by cursor, ids and versions only. Pages are read before the next is asked, so a change that takes
 * records out of the query does not make it skip others: the order is by id.
 */
export async function* everyRow(query: Query): AsyncGenerator<{ id: string; version: number }[]> {
  const { freshness: _, sort: __, ...rest } = query;
  let after: string | undefined;
  do {
    const page = await call(api.records.query, {
      body: {
        ...rest,
        fields: [],
        sort: [{ field: '$id', dir: 'asc' }],
        count: 'none',
        page: { limit: 500, ...(after && { after }) },
      },
    });
    if (page.rows.length > 0) yield page.rows.map(({ id, version }) => ({ id, version }));
    after = page.next;
  } while (after);
}
