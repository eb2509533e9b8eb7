import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import type { FormatEnv } from '../../fields/format.ts';
import { usePhone } from '../../ui/use-media.ts';
import type { SheetChange } from './sheet-api.ts';
import { SheetRow } from './sheet-row.tsx';
import { useSheetText } from './sheet-texts.ts';

/** Pixels; fixed, so that thousands of rows need no measuring. What does not fit is in the cell's title. */
const HEIGHTS = { wide: { conflict: 86, other: 56 }, phone: { conflict: 216, other: 104 } };
const MARGIN = 600;

/** Thousands of changes in a box that scrolls: only what is in sight is in the page. */
export function SheetList({
  changes,
  total,
  object,
  env,
  onTake,
  onEnd,
}: {
  changes: readonly SheetChange[];
  /** Of this kind, loaded or not. */
  total: number;
  object: ObjectDef;
  env: FormatEnv;
  onTake: (change: SheetChange, take: boolean) => void;
  /** The end of what is loaded comes into sight. */
  onEnd: () => void;
}) {
  const t = useSheetText();
  const phone = usePhone();
  const date = useDateFormat(DAY_AND_TIME);
  const box = useRef<HTMLElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  const heights = phone ? HEIGHTS.phone : HEIGHTS.wide;
  const tops = useMemo(() => {
    let top = 0;
    return [
      0,
      ...changes.map((change) => {
        top += change.kind === 'conflict' ? heights.conflict : heights.other;
        return top;
      }),
    ];
  }, [changes, heights]);
  const end = tops.at(-1) ?? 0;
  const look = () => {
    const element = box.current;
    if (element) setView({ top: element.scrollTop, height: element.clientHeight });
  };
  // More rows may make room for a scroll bar, or another tab none.
  useLayoutEffect(() => {
    const element = box.current;
    if (element && end > 0) setView({ top: element.scrollTop, height: element.clientHeight });
  }, [end]);
  useLayoutEffect(() => {
    if (changes.length < total && view.top + view.height + MARGIN > end) onEnd();
  }, [view, end, changes.length, total, onEnd]);

  const first = Math.max(0, firstAfter(tops, view.top - MARGIN) - 1);
  const last = firstAfter(tops, view.top + view.height + MARGIN);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1)
    <section className="xk-sheet-scroll" ref={box} tabIndex={0} aria-label={t('list')} onScroll={look}>
      <ul style={{ height: end }}>
        {changes.slice(first, last).map((change, index) => (
          <li
            key={`${change.row}.${change.place}`}
            className={`xk-sheet-row xk-sheet-${change.kind}${change.take || change.kind === 'conflict' ? '' : ' xk-sheet-off'}`}
            style={{ top: tops[first + index], height: (tops[first + index + 1] ?? 0) - (tops[first + index] ?? 0) }}
            aria-setsize={total}
            aria-posinset={first + index + 1}
          >
            <SheetRow
              change={change}
              object={object}
              env={env}
              when={(iso) => date.format(new Date(iso))}
              onTake={(take) => onTake(change, take)}
            />
          </li>
        ))}
      </ul>
      {changes.length < total && <p className="xk-muted xk-sheet-more">{t('more-loading')}</p>}
    </section>
  );
}

/** Position of the first number beyond, in rising ones. */
function firstAfter(rising: readonly number[], limit: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rising[middle] ?? 0) > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}
