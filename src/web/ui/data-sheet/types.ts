import type { ReactNode } from 'react';
import type { LeafState } from '../leaf.tsx';

/** How a column is edited. `text` types into the cell; the others open a panel below it, still driven by the same text box. */
export type EditorKind = 'text' | 'multiline' | 'panel' | 'toggle';

export interface SheetColumn {
  key: string;
  title: string;
  /** px */
  width: number;
  editor: EditorKind;
  /** Stays at the left while scrolling. Frozen columns come first. */
  frozen?: boolean;
  readonly?: boolean;
  align?: 'start' | 'end';
  sort?: 'asc' | 'desc';
  /** Small mark before the title, by field type. */
  icon?: string;
}

export interface Chip {
  text: string;
  color?: string;
}

/** What one cell shows. */
export interface SheetCell {
  text: string;
  chips?: Chip[];
  /** Freshness edge. */
  edge?: LeafState;
  /** Record leaf: 0..1. */
  leaf?: number;
  state?: 'saving' | 'error';
  /** Shown instead of an empty value, faint. */
  placeholder?: string;
  link?: boolean;
}

export type SheetRow =
  | { kind: 'record'; key: string /** 1-based, within its group. */; ordinal: number }
  | { kind: 'group'; key: string; label: string; count: number; open: boolean };

/** Cells as rows and columns in the shown order, inclusive. */
export interface Range {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

export interface Spot {
  row: number;
  col: number;
}

/** One wanted change of a cell: text as typed, or a value that a panel or an inner paste hands over. */
export interface SheetEdit {
  row: number;
  key: string;
  column: string;
  value: unknown;
  /** What the author saw when editing began (SheetModel.stamp); absent for edits of what is shown now. */
  stamp?: unknown;
}

/** Rows of the sheet; may be a million, of which a few blocks are loaded. */
export interface SheetModel {
  size(): number;
  /** undefined: not loaded yet. */
  row(index: number): SheetRow | undefined;
  cell(index: number, column: SheetColumn): SheetCell;
  /** Text that editing begins with. */
  editText(index: number, column: SheetColumn): string;
  /** Text and value for the clipboard. */
  copyText(index: number, column: SheetColumn): string;
  copyValue(index: number, column: SheetColumn): unknown;
  /** Marks the state of a row, so that an edit can say which state its author saw. */
  stamp(index: number): unknown;
  /** Asks for rows that came into view; calls back through subscribe when they are there. */
  need(from: number, to: number): void;
  /** Loads rows for copying. */
  load(from: number, to: number): Promise<void>;
  /** Called after rows, size or states changed. */
  subscribe(listener: () => void): () => void;
}

/** An open editor. */
export interface EditSession {
  spot: Spot;
  key: string;
  column: SheetColumn;
  text: string;
  stamp: unknown;
  /** The text was typed over the value (true) or began as the value (false): a panel filters by it only when typed. */
  typed: boolean;
}

export interface PanelProps {
  session: EditSession;
  /** Ends editing with this value. */
  commit(value: unknown, move?: 'down' | 'right' | 'none'): void;
  cancel(): void;
  /** A panel takes keys before the sheet does; true means taken. */
  onKeys(handler: (event: KeyboardEvent) => boolean): void;
  /** Called when a press outside ends editing. */
  onLeave(handler: () => void): void;
}

/** Things worth telling: rows pasted beyond the end, a field that can't be changed, what was copied, a range too large to edit by hand. */
export type SheetNotice =
  | { kind: 'paste-clipped'; rows: number }
  | { kind: 'readonly' }
  | { kind: 'copied'; cells: number }
  | { kind: 'too-many'; rows: number };

export interface SheetTexts {
  grid: string;
  editorLabel(row: number, column: string, value: string): string;
  selectRow: string;
  selectAll: string;
  columnMenu: string;
  loading: string;
  openRow: string;
}

export interface DataSheetProps {
  model: SheetModel;
  columns: SheetColumn[];
  rowHeight: number;
  texts: SheetTexts;
  /** Nothing can be changed (a day of the past). */
  readonly?: boolean;
  checked: ReadonlySet<string>;
  allChecked?: boolean;
  onCheck(keys: string[], on: boolean): void;
  onCheckAll(on: boolean): void;
  onEdit(edits: SheetEdit[]): void;
  onUndo(): void;
  onRedo(): void;
  /** Space, or the arrow beside the title. */
  onOpen(row: number): void;
  onToggleGroup(key: string): void;
  onResize(column: string, width: number): void;
  onMove(column: string, before: string | null): void;
  onHeaderMenu(column: string, at: DOMRect): void;
  onNotice(notice: SheetNotice): void;
  onSelection?(range: Range | null): void;
  /** Rows in view changed. */
  onView?(first: number, last: number): void;
  renderPanel(props: PanelProps): ReactNode;
  renderHover(spot: Spot, key: string, column: SheetColumn): ReactNode;
}
