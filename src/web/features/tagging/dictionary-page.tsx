import { EditOutlined, PlusOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { TagEntryInput, TagEntryView } from '../../../contract/tagging.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, EmptyState, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { AdviserCard } from './adviser.tsx';
import { Sources } from './sources.tsx';
import { TagRuns } from './tag-runs.tsx';
import { inputOf, taggingKeys, useDictionary, useTagNames } from './tagging-api.ts';
import { useTaggingText } from './texts.ts';
import { TryBox } from './try-box.tsx';
import '../../ui/plain.css';
import './tagging.css';

const EntryEditor = lazy(async () => ({ default: (await import('./entry-editor.tsx')).EntryEditor }));

/** Phrases shown of an entry. */
const FEW = 6;

/** The dictionary of tags, a sentence to try it on, and the look through what was written before. */
export function DictionaryPage() {
  const t = useTaggingText();
  const toasts = useToasts();
  const client = useQueryClient();
  const names = useTagNames();
  const { data, error, refetch } = useDictionary();
  const [editing, setEditing] = useState<{ id: string; entry: TagEntryInput; isNew: boolean } | null>(null);
  const version = data?.version ?? 0;
  const after = {
    onError: (problem: Error) => toasts.error(sentence(problem)),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: taggingKeys.all });
      // A tag of the product's may have become an option of its field.
      await client.invalidateQueries({ queryKey: ['catalog'] });
    },
  };
  const save = useMutation({
    mutationFn: (entries: (TagEntryInput & { id: string })[]) =>
      call(api.tagging.saveEntries, { body: { entries, version } }),
    onSuccess: () => {
      toasts.success(t('saved'));
      setEditing(null);
    },
    ...after,
  });
  const remove = useMutation({
    mutationFn: (id: string) => call(api.tagging.removeEntry, { params: { id }, query: { version } }),
    onSuccess: () => {
      toasts.success(t('removed'));
      setEditing(null);
    },
    ...after,
  });
  const settings = useMutation({
    mutationFn: (body: { on: boolean; sources: NonNullable<typeof data>['sources'] }) =>
      call(api.tagging.settings, { body: { ...body, version } }),
    onSuccess: () => toasts.success(t('saved')),
    ...after,
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={8} />;
  const take = (some: TagEntryView[]) =>
    save.mutate(some.map((preset) => ({ ...inputOf(preset), id: crypto.randomUUID() })));
  const lives = ({ months, becomes, field }: TagEntryInput) => {
    if (months === null) return t('lives-always');
    return becomes === undefined
      ? t('lives', { n: months })
      : t('lives-then', { n: months, tag: names.tag(field, becomes) });
  };
  const held = (entry: TagEntryView) =>
    data.holders.find(({ field, tag }) => field === entry.field && tag === entry.tag)?.customers ?? 0;
  return (
    <div className="xk-tagging">
      <Card>
        <label className="xk-check">
          <input
            type="checkbox"
            checked={settings.isPending ? settings.variables.on : data.on}
            disabled={settings.isPending}
            onChange={({ target }) => settings.mutate({ on: target.checked, sources: data.sources })}
          />
          <strong>{t('on')}</strong>
        </label>
        <p className="xk-muted xk-tagging-below">{t('on-hint')}</p>
      </Card>
      <Card
        title={t('dictionary')}
        extra={
          <Button
            icon={<PlusOutlined />}
            onClick={() => setEditing({ id: crypto.randomUUID(), entry: newEntry(data.fields[0] ?? ''), isNew: true })}
          >
            {t('add')}
          </Button>
        }
      >
        {data.entries.length === 0 ? (
          <EmptyState title={t('none')} hint={t('none-hint')} />
        ) : (
          <p className="xk-muted">{t('dictionary-hint')}</p>
        )}
        {data.entries.length > 0 && (
          <ul className="xk-tagging-list">
            {data.entries.map((entry) => {
              const name = names.tag(entry.field, entry.tag, entry.label);
              return (
                <li key={entry.id}>
                  <p>
                    <strong>{name}</strong> <span className="xk-muted">{names.field(entry.field)}</span>{' '}
                    {entry.off && <Badge tone="warn">{t('off')}</Badge>}
                  </p>
                  <Button
                    size="small"
                    type="text"
                    icon={<EditOutlined />}
                    aria-label={t('edit', { name })}
                    onClick={() => setEditing({ id: entry.id, entry: inputOf(entry), isNew: false })}
                  />
                  <p className="xk-tagging-words">
                    {t('words', { n: entry.phrases.length, words: wordsOf(entry, t('words-more')) })}
                  </p>
                  <p className="xk-muted xk-tagging-below">
                    {lives(entry)} · {t('holders', { n: held(entry) })}
                  </p>
                </li>
              );
            })}
          </ul>
        )}
      </Card>
      {data.presets.length > 0 && (
        <Card
          title={t('presets')}
          extra={
            <Button size="small" loading={save.isPending} onClick={() => take(data.presets)}>
              {t('use-all')}
            </Button>
          }
        >
          <p className="xk-muted">{t('presets-hint')}</p>
          <ul className="xk-tagging-list">
            {data.presets.map((preset) => {
              const name = names.tag(preset.field, preset.tag, preset.label);
              return (
                <li key={preset.id}>
                  <p>
                    <strong>{name}</strong> <span className="xk-muted">{preset.about}</span>
                  </p>
                  <Button
                    size="small"
                    aria-label={t('use-name', { name })}
                    disabled={save.isPending}
                    onClick={() => take([preset])}
                  >
                    {t('use')}
                  </Button>
                  <p className="xk-tagging-words">
                    {t('words', { n: preset.phrases.length, words: wordsOf(preset, t('words-more')) })}
                  </p>
                </li>
              );
            })}
          </ul>
        </Card>
      )}
      {data.entries.length > 0 && (
        <>
          <Card title={t('try')}>
            <TryBox entry={undefined} />
          </Card>
          <TagRuns />
        </>
      )}
      <Sources
        chosen={data.sources}
        readable={data.readable}
        saving={settings.isPending}
        onSave={(sources) => settings.mutate({ on: data.on, sources })}
      />
      {data.entries.length > 0 && <AdviserCard />}
      <Suspense fallback={null}>
        {editing && (
          <EntryEditor
            key={editing.id}
            entry={editing.entry}
            isNew={editing.isNew}
            fields={data.fields}
            saving={save.isPending}
            onClose={() => setEditing(null)}
            onSave={(entry) => save.mutate([{ ...entry, id: editing.id }])}
            onRemove={() => remove.mutate(editing.id)}
          />
        )}
      </Suspense>
    </div>
  );
}

const newEntry = (field: string): TagEntryInput => ({ field, tag: '', phrases: [], except: [], months: 6 });

const wordsOf = ({ phrases }: TagEntryInput, more: string): string =>
  phrases.slice(0, FEW).join('、') + (phrases.length > FEW ? more : '');
