import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Modal } from 'antd';
import { useEffect, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { keys } from '../../api/query.ts';
import { useLabel, useText } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { useMergeText } from './merge-texts.ts';
import { likeness, withoutScore } from './queue-model.ts';
import './duplicates.css';

const REST_MS = 200;
/** With the record itself twenty. */
const MOST = 19;

interface Option {
  id: string;
  title: string;
  detail: string;
  share?: number;
}

/** Which records go together with this one: those that look alike, or whatever a search finds. */
export function MergePicker({
  object,
  id,
  onClose,
  onPicked,
}: {
  object: ObjectDef;
  id: string;
  onClose(): void;
  onPicked(others: string[]): void;
}) {
  const t = useMergeText();
  const text = useText();
  const label = useLabel();
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState('');
  const [composing, setComposing] = useState(false);
  const [picked, setPicked] = useState<Option[]>([]);
  useEffect(() => {
    if (composing) return;
    const timer = setTimeout(() => setAsked(typed.trim()), REST_MS);
    return () => clearTimeout(timer);
  }, [typed, composing]);
  const suggested = useQuery({
    queryKey: [...keys.duplicates, object.name, 'like', id],
    queryFn: async ({ signal }): Promise<Option[]> => {
      const { rows } = await call(api.records.get, { params: { object: object.name, id }, query: {}, signal });
      const values = rows[0]?.values ?? {};
      const { matches } = await call(api.duplicates.hint, { body: { object: object.name, id, values }, signal });
      return matches.map((one) => ({
        id: one.id,
        title: one.title,
        detail: one.reasons
          .filter(({ total }) => total > 0)
          .slice(0, 2)
          .map(({ sentence }) => withoutScore(label(sentence)))
          .join(' · '),
        share: one.probability,
      }));
    },
  });
  const found = useQuery({
    queryKey: [...keys.records(object.name), 'merge-with', asked],
    enabled: asked !== '',
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<Option[]> => {
      const { hits } = await call(api.records.search, {
        query: { q: asked, objects: object.name, limit: 8 },
        signal,
      });
      return hits
        .filter((hit) => hit.id !== id)
        .map((hit) => ({ id: hit.id, title: hit.title, detail: hit.detail ?? '' }));
    },
  });
  const searching = asked !== '';
  const list = searching ? found : suggested;
  const chosen = new Set(picked.map((one) => one.id));
  // What was ticked stays in sight while another search goes on.
  const options = [
    ...(list.data ?? []),
    ...picked.filter((one) => !(list.data ?? []).some((other) => other.id === one.id)),
  ];
  return (
    <Modal
      open
      title={t('pick-title')}
      width={520}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{text('cancel')}</Button>
          <Button
            type="primary"
            disabled={picked.length === 0 || picked.length > MOST}
            onClick={() => onPicked(picked.map((one) => one.id))}
          >
            {t('pick-next')}
          </Button>
        </>
      }
    >
      <div className="xk-merge xk-pick">
        <input
          className="xk-plain-input"
          type="search"
          aria-label={t('pick-search')}
          placeholder={t('pick-search')}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onCompositionStart={() => setComposing(true)}
          onCompositionEnd={() => setComposing(false)}
        />
        <section aria-live="polite">
          <h3>{t(searching ? 'pick-found' : 'pick-suggested')}</h3>
          {list.isPending ? (
            <Skeleton lines={3} />
          ) : (
            options.length === 0 && <p className="xk-muted">{t(searching ? 'pick-none' : 'pick-none-suggested')}</p>
          )}
          <ul>
            {options.map((one) => (
              <li key={one.id}>
                <label className="xk-check">
                  <input
                    type="checkbox"
                    checked={chosen.has(one.id)}
                    onChange={(event) =>
                      setPicked((old) =>
                        event.target.checked ? [...old, one] : old.filter(({ id: other }) => other !== one.id),
                      )
                    }
                  />
                  <span className="xk-merge-value">
                    <span>
                      {one.title || t('value-empty')}{' '}
                      {one.share !== undefined && <Badge tone="brand">{likeness(one.share)}</Badge>}
                    </span>
                    {one.detail && <small className="xk-muted">{one.detail}</small>}
                  </span>
                </label>
              </li>
            ))}
          </ul>
          {picked.length > MOST && <p role="alert">{t('pick-most')}</p>}
        </section>
      </div>
    </Modal>
  );
}
