import { clearSelection, fillFrom, toggleCell } from './range-edit.ts';
import { moveOfKey, single } from './selection.ts';
import type { Sheet } from './sheet.ts';

const mac = /mac|iphone|ipad/i.test(navigator.userAgent);

/** Keys as in Excel. Printable keys are not handled here: they land in the text box, whose input event opens the editor. */
export function handleKey(sheet: Sheet, event: KeyboardEvent): void {
  // 229: an input method has the key (UI Events, legacy key codes during composition).
  if (event.isComposing || event.keyCode === 229) return;
  const taken = sheet.session ? editingKey(sheet, event) : selectedKey(sheet, event);
  if (taken) {
    event.preventDefault();
    event.stopPropagation();
  }
}

const ctrlOf = (event: KeyboardEvent): boolean => (mac ? event.metaKey : event.ctrlKey);

function editingKey(sheet: Sheet, event: KeyboardEvent): boolean {
  if (sheet.panelKeys?.(event)) return true;
  const session = sheet.session;
  switch (event.key) {
    case 'Escape':
      sheet.cancelEdit();
      return true;
    case 'Enter':
      if (event.altKey) {
        sheet.frame.input.setRangeText('\n', sheet.frame.input.selectionStart, sheet.frame.input.selectionEnd, 'end');
        sheet.frame.input.dispatchEvent(new Event('input'));
        return true;
      }
      sheet.commitText(event.shiftKey ? 'up' : 'down');
      return true;
    case 'Tab':
      sheet.commitText(event.shiftKey ? 'left' : 'right');
      return true;
  }
  // After typing into a selected cell arrows leave it (Excel's “enter” mode); after F2 they move in the text.
  const move =
    session?.typed && session.column.editor === 'text' && !event.shiftKey ? moveOfKey(event.key, false) : null;
  if (move === 'up' || move === 'down' || move === 'left' || move === 'right') {
    sheet.commitText('none');
    sheet.move(move, false);
    return true;
  }
  return false;
}

function selectedKey(sheet: Sheet, event: KeyboardEvent): boolean {
  const ctrl = ctrlOf(event);
  const move = event.altKey ? null : moveOfKey(event.key, ctrl);
  if (move) {
    sheet.move(move, event.shiftKey);
    return true;
  }
  const spot = sheet.selection?.active;
  if (!spot) return false;
  const row = sheet.props.model.row(spot.row);
  if (row?.kind === 'group' && (event.key === 'Enter' || event.key === ' ')) {
    sheet.props.onToggleGroup(row.key);
    return true;
  }
  if (ctrl && !event.altKey) return controlKey(sheet, event);
  switch (event.key) {
    case 'Enter':
      sheet.walk('enter', event.shiftKey);
      return true;
    case 'Tab':
      return tab(sheet, event.shiftKey);
    case 'F2':
      sheet.beginEdit(false);
      return true;
    case 'Delete':
    case 'Backspace':
      clearSelection(sheet);
      return true;
    case ' ':
      if (sheet.props.columns[spot.col]?.editor === 'toggle') toggleCell(sheet, spot);
      else if (event.shiftKey) selectRow(sheet, spot.row);
      else sheet.props.onOpen(spot.row);
      return true;
    case 'Escape':
      sheet.select(single(spot), false);
      return true;
    case 'ArrowDown':
      sheet.beginEdit(false);
      return true;
    case 'ContextMenu':
    case 'F10': {
      const column = sheet.props.columns[spot.col];
      if (!column || (event.key === 'F10' && !event.shiftKey)) return false;
      sheet.props.onHeaderMenu(column.key, sheet.screenRect(spot));
      return true;
    }
  }
  return false;
}

/** Tab leaves the sheet at its very ends, so that the keyboard is never trapped (WCAG 2.1.2). */
function tab(sheet: Sheet, back: boolean): boolean {
  const spot = sheet.selection?.active;
  const { rows, cols } = sheet.bounds();
  if (!spot) return false;
  if (back ? spot.row === 0 && spot.col === 0 : spot.row === rows - 1 && spot.col === cols - 1) return false;
  sheet.walk('tab', back);
  return true;
}

function selectRow(sheet: Sheet, row: number): void {
  const last = { row, col: sheet.bounds().cols - 1 };
  sheet.select({ active: { row, col: 0 }, anchor: { row, col: 0 }, focus: last }, false);
}

function controlKey(sheet: Sheet, event: KeyboardEvent): boolean {
  const { rows, cols } = sheet.bounds();
  switch (event.key.toLowerCase()) {
    case 'a':
      sheet.select(
        { active: { row: 0, col: 0 }, anchor: { row: 0, col: 0 }, focus: { row: rows - 1, col: cols - 1 } },
        false,
      );
      return true;
    case 'z':
      if (event.shiftKey) sheet.props.onRedo();
      else sheet.props.onUndo();
      return true;
    case 'y':
      sheet.props.onRedo();
      return true;
    case 'd':
      fillFrom(sheet, 'top');
      return true;
    case 'r':
      fillFrom(sheet, 'left');
      return true;
    case 'enter': {
      const spot = sheet.selection?.active;
      if (spot) sheet.props.onOpen(spot.row);
      return true;
    }
  }
  return false;
}
