import { CloseOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { api } from '../../../contract/api.ts';
import type { TagExplanation } from '../../../contract/tagging.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys, useCatalog } from '../../api/query.ts';
import { useDoneToast } from '../../api/use-undo.tsx';
import { useLabel } from '../../i18n/core.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { useTagNames } from './tagging-api.ts';
import { useTaggingText } from './texts.ts';
import './tagging.css';

const dayOf = (at: string): string => at.slice(0, 10);

/** Why a customer has his tags: for each who set it or what was said, until when it lives, and taking it away. */
export function TagReasons({ object, id }: { object: ObjectDef; id: string }) {
  const t = useTaggingText();
  const names = useTagNames();
  const toasts = useToasts();
  const done = useDoneToast();
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: [...keys.record(object.name, id), 'tags'],
    queryFn: ({ signal }) => call(api.tagging.explain, { params: { id }, signal }),
  });
  const remove = useMutation({
    mutationFn: async ({ field, tag }: TagExplanation) => {
      const { rows } = await call(api.records.get, { params: { object: object.name, id }, query: {} });
      const [row] = rows;
      const now = row?.values[field];
      const left = Array.isArray(now) ? now.filter((one) => one !== tag) : [];
      return call(api.records.write, {
        body: {
          changes: [
            { op: 'update', object: object.name, id, ...(row && { version: row.version }), set: { [field]: left } },
          ],
        },
      });
    },
    onSuccess: ({ changeSet, outcomes }, { field, tag }) => {
      const problem = outcomes[0]?.issues?.[0]?.message;
      if (outcomes[0]?.status === 'applied') done(t('taken-away', { name: names.tag(field, tag) }), changeSet);
      else if (problem) toasts.error(problem);
    },
    onError: (problem) => toasts.error(sentence(problem)),
    onSettled: () => client.invalidateQueries({ queryKey: keys.record(object.name, id) }),
  });
  if (!data || data.tags.length === 0) return null;
  return (
    <section className="xk-tagging-why" aria-label={t('reasons')}>
      <h3>{t('reasons')}</h3>
      <ul>
        {data.tags.map((one) => {
          const name = names.tag(one.field, one.tag);
          return (
            <li key={`${one.field} ${one.tag}`}>
              <p>
                <strong>{name}</strong> <Facts tag={one} />
              </p>
              <Button
                size="small"
                type="text"
                icon={<CloseOutlined />}
                aria-label={t('take-away', { name })}
                title={t('take-away', { name })}
                disabled={remove.isPending}
                onClick={() => remove.mutate(one)}
              />
              {one.evidence.map((mention) => (
                <Quote key={`${mention.record} ${mention.at} ${mention.field}`} mention={mention} />
              ))}
              {one.mentions > one.evidence.length && (
                <p className="xk-muted">{t('more', { n: one.mentions - one.evidence.length })}</p>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Facts({ tag: one }: { tag: TagExplanation }) {
  const t = useTaggingText();
  const names = useTagNames();
  const parts = [t(`by-${one.by}`, { name: one.actorName ?? '—' })];
  if (one.since) parts.push(t('since', { at: dayOf(one.since) }));
  if (one.until)
    parts.push(
      one.becomes
        ? t('until-then', { at: dayOf(one.until), tag: names.tag(one.field, one.becomes) })
        : t('until', { at: dayOf(one.until) }),
    );
  return <span className="xk-muted">{parts.join(' · ')}</span>;
}

function Quote({ mention }: { mention: TagExplanation['evidence'][number] }) {
  const t = useTaggingText();
  const label = useLabel();
  const { objects } = useCatalog();
  const { record, object: name, phrase, sentence: said, at } = mention;
  if (record === null) return <p className="xk-muted">{t('hidden', { phrase })}</p>;
  const object = objects.find((one) => one.name === name);
  return (
    <blockquote>
      {said ? (
        <>
          {said.text.slice(0, said.start)}
          <mark>{said.text.slice(said.start, said.end)}</mark>
          {said.text.slice(said.end)}
        </>
      ) : (
        t('changed', { phrase })
      )}{' '}
      <Link to="/o/$object/$id" params={{ object: name, id: record }}>
        {t('source', { object: label(object?.label), at: dayOf(at) })}
      </Link>
    </blockquote>
  );
}
