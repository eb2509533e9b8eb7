import { useEffect, useRef } from 'react';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { useLabel } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { bandOf, type Group, groupKey, likeness, withoutScore } from './queue-model.ts';
import { useDuplicatesText } from './texts.ts';

/** The groups to decide, most alike first; arrows go from one to the next. */
export function GroupList({
  object,
  groups,
  current,
  onPick,
  onStep,
}: {
  object: ObjectDef;
  groups: Group[];
  current: string | null;
  onPick(key: string): void;
  onStep(by: 1 | -1): void;
}) {
  const t = useDuplicatesText();
  const label = useLabel();
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const entry = list.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(current ?? '')}"]`);
    entry?.scrollIntoView({ block: 'nearest' });
    // The keyboard goes along when it is in the list.
    if (list.current?.contains(document.activeElement)) entry?.focus({ preventScroll: true });
  }, [current]);
  return (
    <ul
      ref={list}
      className="xk-groups"
      aria-label={t('list')}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
        event.preventDefault();
        onStep(event.key === 'ArrowDown' ? 1 : -1);
      }}
    >
      {groups.map((group) => {
        const key = groupKey(group);
        const [best] = group.pairs;
        const titles = [...new Set(group.records.map((row) => String(row.values[object.title] ?? '')))];
        return (
          <li key={key}>
            <button
              type="button"
              data-key={key}
              className="xk-group"
              aria-current={key === current ? 'true' : undefined}
              onClick={() => onPick(key)}
            >
              <span className="xk-group-titles">
                {titles.slice(0, 2).map((title) => (
                  <span key={title}>{title || t('empty')}</span>
                ))}
                {group.records.length > 2 && (
                  <span className="xk-muted">{t('and-more', { n: group.records.length })}</span>
                )}
              </span>
              {best && (
                <>
                  <Badge tone={bandOf(best.probability) === 'sure' ? 'brand' : 'plain'}>
                    {likeness(best.probability)}
                  </Badge>
                  <span className="xk-group-why xk-muted">{withoutScore(label(best.reasons[0]?.sentence))}</span>
                </>
              )}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
