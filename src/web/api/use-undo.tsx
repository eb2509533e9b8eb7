import { useMutation } from '@tanstack/react-query';
import { api } from '../../contract/api.ts';
import { useText } from '../i18n/core.ts';
import { useToasts } from '../ui/toasts.tsx';
import { call } from './client.ts';
import { sentence } from './errors.ts';

/** Undoes a change set and says what came of it. */
export function useUndo(): (changeSet: string) => Promise<void> {
  const toasts = useToasts();
  const t = useText();
  const mutation = useMutation({ mutationFn: (id: string) => call(api.records.undo, { params: { id } }) });
  return async (changeSet) => {
    try {
      const done = await mutation.mutateAsync(changeSet);
      if (done.approval) toasts.info(t('undone-waits', { undone: done.undone }));
      else if (done.skippedCount > 0)
        toasts.info(t('undone-partly', { undone: done.undone, skipped: done.skippedCount }));
      else toasts.success(t('undone'));
    } catch (error) {
      toasts.error(sentence(error));
    }
  };
}

/** Tells that something is done, with 撤销 beside it. */
export function useDoneToast(): (message: string, changeSet: string | null) => void {
  const toasts = useToasts();
  const undo = useUndo();
  return (message, changeSet) => {
    if (changeSet) toasts.undoable(message, () => void undo(changeSet));
    else toasts.success(message);
  };
}
