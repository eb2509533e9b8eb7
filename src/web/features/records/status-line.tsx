import { Button } from 'antd';
import { useSyncExternalStore } from 'react';
import { useLang } from '../../i18n/core.ts';
import { formatNumber } from '../../i18n/phrase.ts';
import type { SheetColumn } from '../../ui/data-sheet/types.ts';
import type { SelectedRange } from './selected-range.ts';
import { useRecordsText } from './texts.ts';
import type { RecordTableState } from './use-record-table.ts';

/** Below the table: how many, what is selected, what is not saved. */
export function StatusLine({
  state,
  selected,
  columns,
  onGoTo,
}: {
  state: RecordTableState;
  selected: SelectedRange;
  columns: SheetColumn[];
  /** Brings a row (from 0) into view. */
  onGoTo(row: number): void;
}) {
  const t = useRecordsText();
  const lang = useLang();
  const { model, book, total } = state;
  const range = useSyncExternalStore(selected.subscribe, selected.get);
  const refused = book.refused();
  const cells = range ? (range.bottom - range.top + 1) * (range.right - range.left + 1) : 0;
  let sum: number | null = null;
  // Sums what is loaded; a range beyond that many rows is a report's work.
  if (range && cells > 1 && range.bottom - range.top < 2000) {
    for (let col = range.left; col <= range.right; col++) {
      const column = columns[col];
      if (column?.align !== 'end') continue;
      for (let row = range.top; row <= range.bottom; row++) {
        const value = Number(model.copyValue(row, column) ?? Number.NaN);
        if (!Number.isNaN(value)) sum = (sum ?? 0) + value;
      }
    }
  }
  return (
    <footer className="xk-status">
      <span className="xk-num">{total ? t('rows', { n: total.value }) : t('rows-counting')}</span>
      {total && total.value > 100 && !model.source.grouped && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const wanted = Number(new FormData(event.currentTarget).get('row'));
            if (Number.isInteger(wanted) && wanted > 0) onGoTo(Math.min(wanted, total.value) - 1);
          }}
        >
          <input
            className="xk-go-to xk-num"
            name="row"
            inputMode="numeric"
            pattern="[0-9]*"
            autoComplete="off"
            aria-label={t('go-to')}
            placeholder={t('go-to')}
          />
        </form>
      )}
      {cells > 1 && <span className="xk-num">{t('range-cells', { n: cells })}</span>}
      {sum !== null && (
        <span className="xk-num">{t('range-sum', { sum: formatNumber(Math.round(sum * 100) / 100, lang) })}</span>
      )}
      <span className="xk-status-gap" />
      <span role="status">
        {refused.length > 0 && (
          <span className="xk-status-bad" title={refused[0]?.message}>
            {t('not-saved', { n: refused.length })} · {refused[0]?.message}
          </span>
        )}
      </span>
      {refused.length > 0 && (
        <Button size="small" type="link" onClick={() => book.discardRefused()}>
          {t('discard')}
        </Button>
      )}
    </footer>
  );
}
