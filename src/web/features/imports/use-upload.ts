import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import { upload } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys } from '../../api/query.ts';
import { useToasts } from '../../ui/toasts.tsx';

/** Sends a file as a new import of an object and hands over the import's id. */
export function useUpload(object: string, onUploaded: (id: string) => void) {
  const [busy, setBusy] = useState<{ name: string; done: number } | null>(null);
  const queryClient = useQueryClient();
  const toasts = useToasts();
  const send = async (file: File) => {
    setBusy({ name: file.name, done: 0 });
    try {
      const made = await upload(api.imports.upload, {
        query: { name: file.name, object },
        file,
        onProgress: (done) => setBusy({ name: file.name, done }),
      });
      queryClient.setQueryData(keys.import(made.id), made);
      void queryClient.invalidateQueries({ queryKey: keys.imports });
      onUploaded(made.id);
    } catch (error) {
      toasts.error(sentence(error));
    } finally {
      setBusy(null);
    }
  };
  return { busy, send };
}
