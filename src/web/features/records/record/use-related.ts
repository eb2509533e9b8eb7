import { useQuery } from '@tanstack/react-query';
import { api } from '../../../../contract/api.ts';
import type { FieldDef, ObjectDef } from '../../../../domain/schema/types.ts';
import { call } from '../../../api/client.ts';
import { keys, useCatalog } from '../../../api/query.ts';
import type { PageReply } from '../block-store.ts';

/** Records of one object that belong to the record. */
export interface RelatedPart {
  object: ObjectDef;
  relation: FieldDef;
  page: PageReply;
}

/** What belongs to a record, in one answer: several parts of the page read it. */
export function useRelated(object: string, id: string, asOf: string | undefined) {
  const catalog = useCatalog();
  const query = useQuery({
    queryKey: [...keys.record(object, id), 'related', asOf ?? 'now'],
    queryFn: ({ signal }) =>
      call(api.records.related, { params: { object, id }, query: asOf === undefined ? {} : { asOf }, signal }),
  });
  const parts = (query.data?.children ?? []).flatMap((child): RelatedPart[] => {
    const found = catalog.objects.find((one) => one.name === child.object);
    const relation = found?.fields.find((field) => field.name === child.field);
    return found && relation ? [{ object: found, relation, page: child.page }] : [];
  });
  return { query, parts, dates: query.data?.dates ?? [] };
}
