import { type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react';
import { Floating } from '../floating.tsx';
import './data-sheet.css';
import { HoverCard } from './hover-card.tsx';
import { Sheet, type Surroundings } from './sheet.ts';
import type { DataSheetProps } from './types.ts';

export interface DataSheetHandle {
  focus(): void;
  /** Selects a cell and brings it into view. */
  selectAt(row: number, col: number): void;
}

/**
 * A table like Excel's over any number of rows: virtual in both directions, typed into directly (input methods too), ranges copied from and to
 * Excel, filled, undone. It knows rows, columns and cells only; what they mean is the model's business.
 */
export function DataSheet({ ref, ...props }: DataSheetProps & { ref?: Ref<DataSheetHandle> }) {
  const host = useRef<HTMLDivElement>(null);
  const sheet = useRef<Sheet | null>(null);
  const [around, setAround] = useState<Surroundings>({ session: null, anchor: null });
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    if (!host.current) return;
    const made = new Sheet(host.current, latest.current, setAround);
    sheet.current = made;
    return () => {
      made.destroy();
      sheet.current = null;
    };
  }, []);
  useLayoutEffect(() => sheet.current?.update(props));
  useImperativeHandle(ref, () => ({
    focus: () => sheet.current?.focus(),
    selectAt: (row, col) => sheet.current?.selectAt(row, col),
  }));

  const { session, anchor } = around;
  return (
    <div ref={host} className="xs">
      {session?.column.editor === 'panel' && anchor && (
        <Floating anchor={anchor} onOutside={() => sheet.current?.leave()}>
          {props.renderPanel({
            session,
            commit: (value, move = 'none') => sheet.current?.commitValue(value, move),
            cancel: () => sheet.current?.cancelEdit(),
            onKeys: (handler) => {
              if (sheet.current) sheet.current.panelKeys = handler;
            },
            onLeave: (handler) => {
              if (sheet.current) sheet.current.panelLeave = handler;
            },
          })}
        </Floating>
      )}
      {!session && <HoverCard host={host} sheet={sheet} render={props.renderHover} />}
    </div>
  );
}
