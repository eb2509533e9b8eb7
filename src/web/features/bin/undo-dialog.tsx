import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Modal } from 'antd';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys, useCatalog } from '../../api/query.ts';
import { useLabel, useText } from '../../i18n/core.ts';
import { Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { type ChangeSet, recordsOf, touchedSince } from './change-set-words.ts';
import { useBinText } from './texts.ts';
import { useSetWords } from './use-set-words.ts';

interface Skip {
  object: string;
  id: string;
  title: string;
  fields: string[];
}

/** Looks up what was changed since, record by record; only for small sets, which name their records. */
async function skipsOf(set: ChangeSet, titles: Record<string, string>, signal: AbortSignal): Promise<Skip[] | null> {
  const records = recordsOf(set);
  if (!records) return null;
  const skips: Skip[] = [];
  for (const object of new Set(records.map((one) => one.object))) {
    const mine = records.filter((one) => one.object === object);
    const title = titles[object] ?? '$id';
    const { rows } = await call(api.records.query, {
      body: {
        object,
        fields: [title],
        filter: { field: '$id', op: 'in', value: mine.map((one) => one.id) },
        page: { limit: mine.length },
        count: 'none',
      },
      signal,
    });
    for (const row of rows) {
      const record = mine.find((one) => one.id === row.id);
      if (!record || row.version <= record.version) continue;
      const { entries } = await call(api.records.history, {
        params: { object, id: row.id },
        query: { limit: 50 },
        signal,
      });
      const fields = touchedSince(entries, record.version, record.fields);
      if (fields.length > 0) skips.push({ object, id: row.id, title: String(row.values[title] ?? ''), fields });
    }
  }
  return skips;
}

/** Says what an undo will do and what it will leave alone, before it does it. */
export function UndoDialog({ set, onClose }: { set: ChangeSet; onClose: () => void }) {
  const t = useBinText();
  const words = useText();
  const label = useLabel();
  const toasts = useToasts();
  const setWords = useSetWords();
  const queryClient = useQueryClient();
  const { objects } = useCatalog();
  const titles = Object.fromEntries(objects.map((object) => [object.name, object.title]));
  const { data, isPending } = useQuery({
    queryKey: [...keys.changeSets, set.id, 'undo-preview'],
    queryFn: async ({ signal }) => ({
      skips: await skipsOf(set, titles, signal),
      counts: (await previewOf(set.id, signal)).objects,
    }),
    staleTime: 0,
    gcTime: 0,
  });
  const undo = useMutation({
    mutationFn: () => call(api.records.undo, { params: { id: set.id } }),
    onSuccess: (done) => {
      if (done.approval) toasts.info(words('undone-waits', { undone: done.undone }));
      else if (done.skippedCount > 0)
        toasts.info(words('undone-partly', { undone: done.undone, skipped: done.skippedCount }));
      else toasts.success(t('undone-n', { n: done.undone }));
      void queryClient.invalidateQueries();
      onClose();
    },
    onError: (error) => toasts.error(sentence(error)),
  });
  const fieldLabel = (object: string, name: string) =>
    label(objects.find((one) => one.name === object)?.fields.find((field) => field.name === name)?.label) || name;
  return (
    <Modal
      open
      title={t('undo-title')}
      onCancel={onClose}
      onOk={() => undo.mutate()}
      okText={t('undo')}
      cancelText={words('cancel')}
      okButtonProps={{ loading: undo.isPending }}
    >
      <p className="xk-undo-what">{setWords(set)}</p>
      {data && <Counts counts={data.counts} />}
      {isPending ? (
        <>
          <p className="xk-muted">{t('undo-checking')}</p>
          <Skeleton lines={2} />
        </>
      ) : data?.skips && data.skips.length > 0 ? (
        <Alert
          type="warning"
          title={t('undo-skips')}
          description={
            <ul className="xk-undo-skips">
              {data.skips.map((skip) => (
                <li key={skip.id}>
                  {t('skip-line', {
                    title: skip.title,
                    fields: skip.fields.map((field) => fieldLabel(skip.object, field)).join(t('comma')),
                  })}
                </li>
              ))}
            </ul>
          }
        />
      ) : (
        data && <p>{t(data.counts.some(({ touched }) => touched > 0) ? 'undo-large' : 'undo-clean')}</p>
      )}
      <p className="xk-muted xk-undo-itself">{t('undo-itself')}</p>
    </Modal>
  );
}

const previewOf = (id: string, signal: AbortSignal) => call(api.records.undoPreview, { params: { id }, signal });
type Count = Awaited<ReturnType<typeof previewOf>>['objects'][number];

/** In counts what will happen, however many records it is. */
function Counts({ counts }: { counts: Count[] }) {
  const t = useBinText();
  const label = useLabel();
  const { objects } = useCatalog();
  const nameOf = (name: string) => {
    const object = objects.find((one) => one.name === name);
    return label(object?.plural ?? object?.label) || name;
  };
  return (
    <ul className="xk-undo-counts">
      {counts.flatMap(({ object, touched, ...done }) =>
        (['remove', 'bringBack', 'giveBack'] as const)
          .filter((what) => done[what] > 0)
          .map((what) => (
            <li key={`${object} ${what}`}>
              {t(what, { n: done[what], object: nameOf(object) })}
              {touched > 0 && what !== 'bringBack' && (
                <span className="xk-muted"> {t('of-them-touched', { n: touched })}</span>
              )}
            </li>
          )),
      )}
    </ul>
  );
}
