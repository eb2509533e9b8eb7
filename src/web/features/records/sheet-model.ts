import type { FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { colorOf } from '../../fields/field-text.tsx';
import { choicesOf, type FormatEnv, formatValue, optionLabel, plainText } from '../../fields/format.ts';
import { editingOf, isChoice } from '../../fields/kinds.ts';
import type { SheetCell, SheetColumn, SheetModel, SheetRow } from '../../ui/data-sheet/types.ts';
import type { Row } from './block-store.ts';
import type { EditBook } from './edit-book.ts';
import type { RowSource } from './row-source.ts';

/** Records as the sheet sees them: values with pending edits laid over, freshness as edges, names instead of ids. */
export class RecordModel implements SheetModel {
  readonly #listeners = new Set<() => void>();
  #version = 0;
  readonly #fields: Map<string, FieldDef>;
  readonly #object: ObjectDef;
  source: RowSource;
  book: EditBook;
  env: FormatEnv;
  emptyGroup: string;

  constructor(object: ObjectDef, source: RowSource, book: EditBook, env: FormatEnv, emptyGroup: string) {
    this.#object = object;
    this.#fields = new Map(object.fields.map((field) => [field.name, field]));
    this.source = source;
    this.book = book;
    this.env = env;
    this.emptyGroup = emptyGroup;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Another number whenever something that is shown may be different. */
  readonly version = (): number => this.#version;

  changed(): void {
    this.#version++;
    for (const listener of this.#listeners) listener();
  }

  size(): number {
    return this.source.size();
  }

  field(name: string): FieldDef | undefined {
    return this.#fields.get(name);
  }

  record(index: number): Row | undefined {
    return this.source.row(index);
  }

  row(index: number): SheetRow | undefined {
    const place = this.source.place(index);
    if (place?.kind === 'group') {
      const field = this.#fields.get(this.groupField);
      const label = field ? formatValue(place.group.value, field, this.env) : String(place.group.value ?? '');
      return {
        kind: 'group',
        key: String(place.number),
        label: label || this.emptyGroup,
        count: place.group.count,
        open: place.open,
      };
    }
    const row = place?.store.row(place.index);
    return row && place && { kind: 'record', key: row.id, ordinal: place.index + 1 };
  }

  groupField = '';

  cell(index: number, column: SheetColumn): SheetCell {
    const row = this.record(index);
    const field = this.#fields.get(column.key);
    if (!row || !field) return { text: '' };
    const pending = this.book.pending(row.id, field.name);
    const score = field.name === this.#object.title ? row.freshness?.score : undefined;
    if (pending) return { text: pending.shown, state: pending.state, ...(score !== undefined && { leaf: score }) };
    const value = row.values[field.name];
    const edge = row.freshness?.cells[field.name]?.state;
    const cell: SheetCell = { text: this.#text(field, value) };
    if (isChoice(field))
      cell.chips = choicesOf(value).map((choice) => ({
        text: optionLabel(field, choice, this.env.lang),
        color: colorOf(field, choice) ?? 'gray',
      }));
    if (edge) cell.edge = edge;
    if (score !== undefined) cell.leaf = score;
    if (field.type === 'relation' && value) cell.link = true;
    return cell;
  }

  #text(field: FieldDef, value: FieldValue | undefined): string {
    if (field.type === 'boolean') return value === true ? '✓' : value === false ? '–' : '';
    const text = formatValue(value, field, this.env);
    // One line per row; the whole text is on the card and in the editor.
    return field.type === 'longtext' ? text.replace(/\s*\n\s*/g, ' ') : text;
  }

  /** What is typed over or into: the refused text again, so that it can be mended. */
  editText(index: number, column: SheetColumn): string {
    const row = this.record(index);
    const field = this.#fields.get(column.key);
    if (!row || !field) return '';
    const pending = this.book.pending(row.id, field.name);
    const editing = editingOf(field);
    if (editing === 'pick' || editing === 'toggle') return '';
    return pending ? pending.shown : plainText(row.values[field.name], field, this.env);
  }

  copyText(index: number, column: SheetColumn): string {
    const row = this.record(index);
    const field = this.#fields.get(column.key);
    return row && field ? plainText(row.values[field.name], field, this.env) : '';
  }

  copyValue(index: number, column: SheetColumn): unknown {
    return this.record(index)?.values[column.key] ?? null;
  }

  stamp(index: number): unknown {
    return this.record(index)?.version;
  }

  need(from: number, to: number): void {
    this.source.need(from, to);
  }

  load(from: number, to: number): Promise<void> {
    return this.source.load(from, to);
  }
}
