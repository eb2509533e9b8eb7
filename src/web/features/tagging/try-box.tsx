import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useDeferredValue, useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { MentionView, TagEntryInput } from '../../../contract/tagging.ts';
import { call } from '../../api/client.ts';
import { Badge } from '../../ui/badge.tsx';
import { taggingKeys, useTagNames } from './tagging-api.ts';
import { useTaggingText } from './texts.ts';

/** A sentence, and what it says by the dictionary or by the entry that is being written: what counts, what does not and why. */
export function TryBox({ entry }: { entry: TagEntryInput | undefined }) {
  const t = useTaggingText();
  const names = useTagNames();
  const id = useId();
  const [text, setText] = useState('');
  const asked = useDeferredValue(text.trim());
  const found = useQuery({
    queryKey: [...taggingKeys.all, 'try', asked, entry],
    queryFn: ({ signal }) =>
      call(api.tagging.try, { body: { text: asked, ...(entry && { entry: { ...entry, off: undefined } }) }, signal }),
    enabled: asked !== '',
    placeholderData: (before) => before,
  });
  const mentions = asked === '' ? [] : (found.data?.mentions ?? []);
  return (
    <div className="xk-tagging-try">
      <label htmlFor={id} className="xk-muted">
        {t('try-hint')}
      </label>
      <textarea
        id={id}
        className="xk-plain-input"
        rows={2}
        maxLength={5000}
        placeholder={t('try-example')}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <div role="status">
        {asked !== '' && found.data && mentions.length === 0 && <p className="xk-muted">{t('try-none')}</p>}
        {mentions.length > 0 && <p className="xk-tagging-marked">{marked(asked, mentions)}</p>}
        <ul>
          {mentions.map((one) => (
            <li key={`${one.entry} ${one.start}`}>
              <Badge tone={one.counts ? 'brand' : 'plain'}>{one.counts ? t('counts') : t('counts-not')}</Badge>{' '}
              <strong>{names.tag(one.field, one.tag)}</strong> “{one.phrase}”
              {one.because && (
                <span className="xk-muted">
                  {' '}
                  {t(`why-${one.because.why}`, { words: asked.slice(one.because.start, one.because.end) })}
                </span>
              )}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** The text with its phrases marked; of overlapping ones the first. */
function marked(text: string, mentions: readonly MentionView[]): ReactNode[] {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const { start, end, counts } of [...mentions].sort((a, b) => a.start - b.start)) {
    if (start < at || end > text.length) continue;
    parts.push(text.slice(at, start));
    const words = text.slice(start, end);
    parts.push(counts ? <mark key={start}>{words}</mark> : <s key={start}>{words}</s>);
    at = end;
  }
  return [...parts, text.slice(at)];
}
