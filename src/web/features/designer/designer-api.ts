import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { api } from '../../../contract/api.ts';
import type { objectInput } from '../../../contract/catalog.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys } from '../../api/query.ts';
import { useToasts } from '../../ui/toasts.tsx';
import type { FieldInput, FieldPatch } from './field-draft.ts';

export type ObjectInput = z.infer<typeof objectInput>;

/** Changes of metadata. All end in a fresh catalog, from which every screen reads. */
export function useDesigner() {
  const queryClient = useQueryClient();
  const toasts = useToasts();
  const shared = {
    onError: (error: unknown) => toasts.error(sentence(error)),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.catalog }),
  };
  return {
    createField: useMutation({
      mutationFn: (input: { object: string; body: FieldInput }) =>
        call(api.catalog.createField, { params: { object: input.object }, body: input.body }),
      ...shared,
    }),
    updateField: useMutation({
      mutationFn: (input: { object: string; field: string; body: FieldPatch }) =>
        call(api.catalog.updateField, { params: { object: input.object, field: input.field }, body: input.body }),
      ...shared,
    }),
    createObject: useMutation({
      mutationFn: (body: ObjectInput) => call(api.catalog.createObject, { body }),
      ...shared,
    }),
    updateObject: useMutation({
      mutationFn: (input: { object: string; body: Partial<ObjectInput> & { retired?: boolean } }) =>
        call(api.catalog.updateObject, { params: { object: input.object }, body: input.body }),
      ...shared,
    }),
    reorder: useMutation({
      mutationFn: (input: { object: string; names: string[] }) =>
        call(api.catalog.reorderFields, { params: { object: input.object }, body: { names: input.names } }),
      // The list follows the hand at once; the catalog that comes back is the truth.
      onMutate: ({ object, names }) =>
        queryClient.setQueryData(
          keys.catalog,
          (catalog: Catalog | undefined) => catalog && reordered(catalog, object, names),
        ),
      ...shared,
    }),
  };
}

/** Roll-ups that are still being worked out; looked at again until there are none. */
export function useFilling(may: boolean) {
  const { data } = useQuery({
    queryKey: [...keys.catalog, 'rollups'],
    queryFn: ({ signal }) => call(api.catalog.rollups, { signal }),
    enabled: may,
    refetchInterval: ({ state }) => ((state.data?.filling.length ?? 0) > 0 ? 2_000 : false),
  });
  return data?.filling ?? [];
}

function reordered(catalog: Catalog, object: string, names: string[]): Catalog {
  const place = new Map(names.map((name, index) => [name, index + 1]));
  return {
    ...catalog,
    objects: catalog.objects.map((one) =>
      one.name === object
        ? {
            ...one,
            fields: one.fields.map((field) => ({ ...field, position: place.get(field.name) ?? field.position })),
          }
        : one,
    ),
  };
}
