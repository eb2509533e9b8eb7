import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import { FieldText } from '../../fields/field-text.tsx';
import { formatValue } from '../../fields/format.ts';
import { useLabel } from '../../i18n/core.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Leaf } from '../../ui/leaf.tsx';
import { useRecordsText } from './texts.ts';
import type { RecordTableState } from './use-record-table.ts';
import './card-list.css';

const CARD = 86;
/** A phone is for finding and working, not for leafing through a million: search finds what lies beyond. */
const MOST = 100_000;

/** The same rows as cards for narrow screens, windowed by native scrolling. */
export function CardList({
  object,
  state,
  fields,
  onOpen,
}: {
  object: ObjectDef;
  state: RecordTableState;
  /** Shown below the title, as many as fit. */
  fields: FieldDef[];
  onOpen(id: string): void;
}) {
  const t = useRecordsText();
  const label = useLabel();
  const { model } = state;
  // The cards follow the rows themselves: the screen around them is drawn anew only when its own words change.
  const version = useSyncExternalStore(model.subscribe, model.version);
  const box = useRef<HTMLElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const read = () => setView({ top: element.scrollTop, height: element.clientHeight });
    read();
    element.addEventListener('scroll', read, { passive: true });
    return () => element.removeEventListener('scroll', read);
  }, []);
  const size = Math.min(model.size(), MOST);
  const first = Math.max(0, Math.floor(view.top / CARD) - 4);
  const end = Math.min(size, Math.ceil((view.top + view.height) / CARD) + 4);
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that are no longer true are asked for again
  useEffect(() => model.need(first, Math.max(end, first + 20)), [model, first, end, version]);

  if (state.failed && size === 0) return <Failure error={state.failed} onRetry={state.retry} />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (axe scrollable-region-focusable)
    <section ref={box} className="xk-cards" tabIndex={0} aria-label={t('grid', { object: label(object.label) })}>
      <ul style={{ height: size * CARD }}>
        {Array.from({ length: Math.max(0, end - first) }, (_, offset) => {
          const index = first + offset;
          const row = model.row(index);
          const record = model.record(index);
          if (row?.kind === 'group') {
            return (
              <li key={`g${row.key}`} style={{ top: index * CARD, height: CARD }}>
                <button
                  type="button"
                  className="xk-card-group"
                  aria-expanded={row.open}
                  onClick={() => model.source.toggle(Number(row.key))}
                >
                  {row.open ? '▾' : '▸'} {row.label} <span className="xk-num xk-muted">{row.count}</span>
                </button>
              </li>
            );
          }
          if (!record)
            return (
              <li key={index} style={{ top: index * CARD, height: CARD }}>
                <div className="xk-card-row xk-card-wait" />
              </li>
            );
          const shown = fields
            .filter(
              (field) => field.name !== object.title && formatValue(record.values[field.name], field, model.env) !== '',
            )
            .slice(0, 3);
          return (
            <li key={record.id} style={{ top: index * CARD, height: CARD }}>
              <button type="button" className="xk-card-row" onClick={() => onOpen(record.id)}>
                <span className="xk-card-title">
                  <strong>{String(record.values[object.title] ?? '')}</strong>
                  {record.freshness && <Leaf confidence={record.freshness.score} />}
                </span>
                <span className="xk-card-facts">
                  {shown.map((field) => (
                    <span key={field.name}>
                      <FieldText field={field} value={record.values[field.name]} env={model.env} link={false} />
                    </span>
                  ))}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
