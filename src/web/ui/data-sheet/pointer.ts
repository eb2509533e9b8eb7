import { columnAt, HEADER } from './geometry.ts';
import { attachHeader } from './pointer-header.ts';
import { copyInto } from './range-edit.ts';
import { clampSpot, rangeOf, single } from './selection.ts';
import type { Sheet } from './sheet.ts';
import type { Range, Spot } from './types.ts';

/** Cell under a point of the screen; col -1 is the gutter. Points outside give the nearest cell. */
export function spotAt(sheet: Sheet, x: number, y: number): Spot {
  const view = sheet.view();
  const box = sheet.frame.layer.getBoundingClientRect();
  const row = Math.floor((y - box.y - HEADER + view.top) / sheet.props.rowHeight);
  const inside = Math.max(0, Math.min(x - box.x, view.width - 1));
  const col = columnAt(view.layout, inside, view.left) ?? sheet.props.columns.length - 1;
  const bounds = sheet.bounds();
  return { row: Math.max(0, Math.min(row, bounds.rows - 1)), col: Math.min(col, bounds.cols - 1) };
}

/** Mouse and touch. Returns what detaches it. */
export function attachPointer(sheet: Sheet): () => void {
  const { body, layer } = sheet.frame;
  const stops = [attachHeader(sheet)];
  let lastChecked: number | null = null;

  const down = (event: PointerEvent) => {
    if (event.button !== 0 || !(event.target instanceof Element)) return;
    const row = sheet.rowOf(event.target);
    if (row === null) return;
    // Touch scrolls; its taps arrive as click.
    if (event.pointerType === 'touch') return;
    const record = sheet.props.model.row(row);
    if (event.target.closest('.xs-group')) {
      event.preventDefault();
      if (record?.kind === 'group') sheet.props.onToggleGroup(record.key);
      return;
    }
    if (event.target.closest('.xs-open')) {
      event.preventDefault();
      sheet.commitText('none');
      sheet.selectAt(row, 0);
      sheet.props.onOpen(row);
      return;
    }
    if (event.target.closest('.xs-check')) return;
    event.preventDefault();
    if (sheet.session) sheet.commitText('none');
    sheet.focus();
    if (event.target.closest('.xs-handle')) startFill(sheet, event);
    else startSelect(sheet, event);
  };

  const click = (event: MouseEvent) => {
    if (!(event.target instanceof Element)) return;
    const row = sheet.rowOf(event.target);
    const record = row === null ? undefined : sheet.props.model.row(row);
    if (row === null || record === undefined) return;
    const check = event.target.closest<HTMLInputElement>('.xs-check');
    if (check) {
      const keys = [record.key];
      if (event.shiftKey && lastChecked !== null) {
        for (let at = Math.min(lastChecked, row); at <= Math.max(lastChecked, row); at++) {
          const between = sheet.props.model.row(at);
          if (between?.kind === 'record') keys.push(between.key);
        }
      }
      lastChecked = row;
      sheet.props.onCheck(keys, check.checked);
      return;
    }
    if (event instanceof PointerEvent && event.pointerType === 'touch') {
      if (record.kind === 'group') sheet.props.onToggleGroup(record.key);
      else if (event.target.closest('.xs-open')) sheet.props.onOpen(row);
      else {
        const spot = spotAt(sheet, event.clientX, event.clientY);
        const again =
          sheet.selection && sheet.selection.active.row === spot.row && sheet.selection.active.col === spot.col;
        sheet.selectAt(spot.row, Math.max(0, spot.col));
        if (again) sheet.beginEdit(false);
      }
    }
  };

  const double = (event: MouseEvent) => {
    if (!(event.target instanceof Element) || !event.target.closest('.xs-cell')) return;
    sheet.beginEdit(false);
  };

  body.addEventListener('pointerdown', down);
  body.addEventListener('click', click);
  body.addEventListener('dblclick', double);
  const keepFocus = (event: MouseEvent) => {
    if (event.target === layer) event.preventDefault();
  };
  layer.addEventListener('mousedown', keepFocus);
  return () => {
    body.removeEventListener('pointerdown', down);
    body.removeEventListener('click', click);
    body.removeEventListener('dblclick', double);
    layer.removeEventListener('mousedown', keepFocus);
    for (const stop of stops) stop();
  };
}

/** Follows a drag, scrolling when it leaves the view. */
function follow(sheet: Sheet, onMove: (spot: Spot) => void, onEnd: () => void): void {
  let last: PointerEvent | null = null;
  const box = sheet.frame.layer.getBoundingClientRect();
  const move = (event: PointerEvent) => {
    last = event;
    onMove(spotAt(sheet, event.clientX, event.clientY));
  };
  const timer = setInterval(() => {
    if (!last) return;
    const x = last.clientX > box.right - 12 ? 24 : last.clientX < box.left + 12 ? -24 : 0;
    const y = last.clientY > box.bottom - 8 ? 34 : last.clientY < box.top + HEADER ? -34 : 0;
    if (x === 0 && y === 0) return;
    sheet.scrollBy(x, y);
    onMove(spotAt(sheet, last.clientX, last.clientY));
  }, 30);
  const end = () => {
    clearInterval(timer);
    removeEventListener('pointermove', move);
    removeEventListener('pointerup', end);
    removeEventListener('pointercancel', end);
    onEnd();
  };
  addEventListener('pointermove', move);
  addEventListener('pointerup', end);
  addEventListener('pointercancel', end);
}

function startSelect(sheet: Sheet, event: PointerEvent): void {
  const spot = spotAt(sheet, event.clientX, event.clientY);
  const last = sheet.bounds().cols - 1;
  sheet.tabStart = null;
  if (spot.col < 0) {
    const anchor =
      event.shiftKey && sheet.selection ? { row: sheet.selection.anchor.row, col: 0 } : { row: spot.row, col: 0 };
    const rows = (to: number) => sheet.select({ active: anchor, anchor, focus: { row: to, col: last } }, false);
    rows(spot.row);
    follow(
      sheet,
      (at) => rows(at.row),
      () => {},
    );
    return;
  }
  if (event.shiftKey && sheet.selection) sheet.select({ ...sheet.selection, focus: spot }, false);
  else sheet.select(single(spot), false);
  follow(
    sheet,
    (at) => {
      if (sheet.selection) sheet.select({ ...sheet.selection, focus: clampSpot(at, sheet.bounds()) }, false);
    },
    () => {},
  );
}

/** Dragging the handle repeats the selection down or to the right, whichever way the pointer went further. */
function startFill(sheet: Sheet, event: PointerEvent): void {
  if (!sheet.selection) return;
  event.stopPropagation();
  const source = rangeOf(sheet.selection);
  let target: Range | null = null;
  follow(
    sheet,
    (at) => {
      const below = at.row - source.bottom;
      const above = source.top - at.row;
      const right = at.col - source.right;
      if (below <= 0 && above <= 0 && right <= 0) target = null;
      else if (below > 0 && below >= right) target = { ...source, top: source.bottom + 1, bottom: at.row };
      else if (above > 0 && above >= right) target = { ...source, top: at.row, bottom: source.top - 1 };
      else target = { ...source, left: source.right + 1, right: at.col };
      sheet.fill = target;
      sheet.invalidate();
    },
    () => {
      sheet.fill = null;
      sheet.invalidate();
      if (!target) return;
      copyInto(sheet, source, target);
      const whole = {
        top: Math.min(source.top, target.top),
        left: source.left,
        bottom: Math.max(source.bottom, target.bottom),
        right: Math.max(source.right, target.right),
      };
      const anchor = { row: whole.top, col: whole.left };
      sheet.select({ active: anchor, anchor, focus: { row: whole.bottom, col: whole.right } }, false);
    },
  );
}
