import type { Sheet } from './sheet.ts';

const MIN = 56;
const MAX = 800;

/** Header: click selects the column, its button opens the menu, the edge resizes, dragging reorders. */
export function attachHeader(sheet: Sheet): () => void {
  const { head } = sheet.frame;

  const down = (event: PointerEvent) => {
    if (event.button !== 0 || !(event.target instanceof HTMLElement)) return;
    const resize = event.target.dataset.resize;
    const cell = event.target.closest<HTMLElement>('[data-col]');
    if (resize !== undefined) startResize(sheet, event, Number(resize));
    else if (cell && !event.target.closest('.xs-h-menu')) startDrag(sheet, event, Number(cell.dataset.col));
  };

  const click = (event: MouseEvent) => {
    if (!(event.target instanceof HTMLElement)) return;
    if (event.target instanceof HTMLInputElement) {
      sheet.props.onCheckAll(event.target.checked);
      return;
    }
    const cell = event.target.closest<HTMLElement>('[data-col]');
    const column = cell ? sheet.props.columns[Number(cell.dataset.col)] : undefined;
    if (cell && column && event.target.closest('.xs-h-menu'))
      sheet.props.onHeaderMenu(column.key, cell.getBoundingClientRect());
  };

  const menu = (event: MouseEvent) => {
    const cell = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-col]') : null;
    const column = cell ? sheet.props.columns[Number(cell.dataset.col)] : undefined;
    if (!cell || !column) return;
    event.preventDefault();
    sheet.props.onHeaderMenu(column.key, cell.getBoundingClientRect());
  };

  head.addEventListener('pointerdown', down);
  head.addEventListener('click', click);
  head.addEventListener('contextmenu', menu);
  return () => {
    head.removeEventListener('pointerdown', down);
    head.removeEventListener('click', click);
    head.removeEventListener('contextmenu', menu);
  };
}

function track(onMove: (event: PointerEvent) => void, onEnd: (event: PointerEvent) => void): void {
  const end = (event: PointerEvent) => {
    removeEventListener('pointermove', onMove);
    removeEventListener('pointerup', end);
    removeEventListener('pointercancel', end);
    onEnd(event);
  };
  addEventListener('pointermove', onMove);
  addEventListener('pointerup', end);
  addEventListener('pointercancel', end);
}

function startResize(sheet: Sheet, event: PointerEvent, index: number): void {
  event.preventDefault();
  const column = sheet.props.columns[index];
  if (!column) return;
  const from = event.clientX;
  const width = (to: number) => Math.max(MIN, Math.min(MAX, Math.round(column.width + to - from)));
  document.body.classList.add('xs-resizing');
  track(
    (moved) => sheet.props.onResize(column.key, width(moved.clientX)),
    () => document.body.classList.remove('xs-resizing'),
  );
}

/** A press that stays selects the column; one that moves carries it. */
function startDrag(sheet: Sheet, event: PointerEvent, index: number): void {
  event.preventDefault();
  sheet.focus();
  const column = sheet.props.columns[index];
  if (!column) return;
  const { dropLine, layer } = sheet.frame;
  const start = event.clientX;
  let before: number | null = null;
  let dragging = false;
  track(
    (moved) => {
      dragging ||= Math.abs(moved.clientX - start) > 6;
      if (!dragging) return;
      const view = sheet.view();
      const x = moved.clientX - layer.getBoundingClientRect().x;
      before = view.layout.lefts.length;
      for (let at = 0; at < view.layout.lefts.length; at++) {
        const left = (view.layout.lefts[at] ?? 0) - (at < view.layout.frozen ? 0 : view.left);
        if (at >= view.layout.frozen && left < view.layout.frozenWidth && x > view.layout.frozenWidth) continue;
        if (x < left + (view.layout.widths[at] ?? 0) / 2) {
          before = at;
          break;
        }
      }
      const edge =
        before < view.layout.lefts.length
          ? (view.layout.lefts[before] ?? 0) - (before < view.layout.frozen ? 0 : view.left)
          : view.layout.width - view.left;
      dropLine.style.transform = `translateX(${edge}px)`;
      dropLine.classList.add('xs-drop-on');
    },
    () => {
      dropLine.classList.remove('xs-drop-on');
      if (!dragging) {
        const last = sheet.bounds().rows - 1;
        const anchor = { row: 0, col: index };
        if (last >= 0) sheet.select({ active: anchor, anchor, focus: { row: last, col: index } }, false);
      } else if (before !== null && before !== index && before !== index + 1)
        sheet.props.onMove(column.key, sheet.props.columns[before]?.key ?? null);
    },
  );
}
