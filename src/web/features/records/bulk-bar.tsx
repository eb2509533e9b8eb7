import { CloseOutlined, DownloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { download } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { FloatingMenu } from '../../ui/floating.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import type { Query } from './block-store.ts';
import { useRecordsText } from './texts.ts';

/** What is selected: the checked records, or all that match; exported from here, everything else is other features' to offer. */
export function BulkBar({
  object,
  count,
  everything,
  total,
  query,
  actions,
  onEverything,
  onClear,
}: {
  object: ObjectDef;
  count: number;
  /** All that the query finds, not only the checked ones. */
  everything: boolean;
  total: number | null;
  /** Finds what is checked. */
  query: Query;
  /** What other features can do with the checked records. */
  actions?: ReactNode;
  onEverything(): void;
  onClear(): void;
}) {
  const t = useRecordsText();
  const toasts = useToasts();
  const [exporting, setExporting] = useState<DOMRect | null>(null);
  const n = everything ? (total ?? count) : count;

  const exportAs = (format: 'xlsx' | 'csv', forEditing = false) => {
    const { freshness: _, ...rest } = query;
    const body = { query: rest, format, ...(forEditing && { forEditing }) };
    download(api.records.export, { body }, `${object.name}.${format}`).then(
      () => forEditing && toasts.info(t('export-edit-done')),
      (error: unknown) => toasts.error(sentence(error)),
    );
  };

  return (
    <section className="xk-bulk" aria-label={t('selected', { n })}>
      <strong aria-live="polite">{everything ? t('selected-all', { n }) : t('selected', { n })}</strong>
      {!everything && total !== null && total > count && (
        <Button type="link" size="small" onClick={onEverything}>
          {t('select-everything', { n: total })}
        </Button>
      )}
      <span className="xk-bulk-gap" />
      {actions}
      <Button
        size="small"
        icon={<DownloadOutlined />}
        aria-haspopup="menu"
        onClick={(event) => setExporting(event.currentTarget.getBoundingClientRect())}
      >
        {t('export')}
      </Button>
      {exporting && (
        <FloatingMenu
          anchor={exporting}
          onClose={() => setExporting(null)}
          items={[
            { key: 'xlsx', label: 'Excel (.xlsx)', onPick: () => exportAs('xlsx') },
            { key: 'csv', label: 'CSV', onPick: () => exportAs('csv') },
            ...(object.appendOnly
              ? []
              : [{ key: 'edit', label: t('export-edit'), onPick: () => exportAs('xlsx', true) }]),
          ]}
        />
      )}
      <Button
        size="small"
        type="text"
        icon={<CloseOutlined />}
        aria-label={t('clear-selection')}
        title={t('clear-selection')}
        onClick={onClear}
      />
    </section>
  );
}
