import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { keys } from '../../api/query.ts';
import type { Import, ImportSettings } from './mapping.ts';
import { isBusy } from './wizard-step.ts';

/** One import; asked again while the server works on it, because a live event can be missed and progress is not one. */
export function useImport(id: string) {
  return useQuery({
    queryKey: keys.import(id),
    queryFn: ({ signal }): Promise<Import> => call(api.imports.get, { params: { id }, signal }),
    refetchInterval: (query) => (query.state.data && isBusy(query.state.data.state) ? 700 : false),
    staleTime: 0,
  });
}

export function useImports() {
  return useQuery({
    queryKey: keys.imports,
    queryFn: async ({ signal }): Promise<Import[]> => (await call(api.imports.list, { signal })).imports,
    refetchInterval: (query) => (query.state.data?.some((one) => isBusy(one.state)) ? 2000 : false),
    staleTime: 0,
  });
}

/** What can be done with an import. Each answer is the import as it is then, so it goes straight into the cache. */
export function useImportActions(id: string) {
  const queryClient = useQueryClient();
  const onSuccess = (data: Import) => {
    queryClient.setQueryData(keys.import(id), data);
    void queryClient.invalidateQueries({ queryKey: keys.imports });
  };
  const params = { id };
  return {
    save: useMutation({
      mutationFn: (body: ImportSettings) => call(api.imports.settings, { params, body }),
      onSuccess,
    }),
    start: useMutation({ mutationFn: () => call(api.imports.start, { params }), onSuccess }),
    cancel: useMutation({ mutationFn: () => call(api.imports.cancel, { params }), onSuccess }),
    undo: useMutation({ mutationFn: () => call(api.imports.undo, { params }), onSuccess }),
  };
}
