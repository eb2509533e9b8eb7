import type { Range } from '../../ui/data-sheet/types.ts';

/** What is selected in the sheet. Outside React's state: an arrow key must not draw the table's surroundings anew. */
export class SelectedRange {
  readonly #listeners = new Set<() => void>();
  #range: Range | null = null;

  readonly get = (): Range | null => this.#range;

  readonly set = (range: Range | null): void => {
    this.#range = range;
    for (const listener of this.#listeners) listener();
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}
