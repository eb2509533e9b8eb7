import { CloseOutlined, DownloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { call, download } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { FloatingMenu } from '../../ui/floating.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import type { Query } from './block-store.ts';
import { useRecordsText } from './texts.ts';

const ExportReason = lazy(async () => ({ default: (await import('./export-reason.tsx')).ExportReason }));

interface ExportWish {
  format: 'xlsx' | 'csv';
  forEditing?: boolean;
}

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
  const [asking, setAsking] = useState<{ wish: ExportWish; deciders: string[] } | null>(null);
  const n = everything ? (total ?? count) : count;

  const exportAs = async (wish: ExportWish) => {
    // Whether somebody must agree is known before: then the reason is asked for.
    const size = n;
    const needs = await call(api.approvals.needs, { query: { kind: 'export', object: object.name, size } }).catch(
      () => null,
    );
    if (needs?.needed) setAsking({ wish, deciders: needs.deciders });
    else await send(wish);
  };
  const send = async ({ format, forEditing }: ExportWish, reason?: string) => {
    const { freshness: _, ...rest } = query;
    const body = { query: rest, format, ...(forEditing && { forEditing }), ...(reason && { reason }) };
    try {
      const instead = await download(api.records.export, { body }, `${object.name}.${format}`);
      if (instead !== undefined) toasts.success(t('export-asked'));
      else if (forEditing) toasts.info(t('export-edit-done'));
      setAsking(null);
    } catch (error) {
      toasts.error(sentence(error));
    }
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
            { key: 'xlsx', label: 'Excel (.xlsx)', onPick: () => void exportAs({ format: 'xlsx' }) },
            { key: 'csv', label: 'CSV', onPick: () => void exportAs({ format: 'csv' }) },
            ...(object.appendOnly
              ? []
              : [
                  {
                    key: 'edit',
                    label: t('export-edit'),
                    onPick: () => void exportAs({ format: 'xlsx', forEditing: true }),
                  },
                ]),
          ]}
        />
      )}
      {asking && (
        <Suspense fallback={null}>
          <ExportReason
            count={n}
            deciders={asking.deciders}
            onClose={() => setAsking(null)}
            onSend={(reason) => send(asking.wish, reason)}
          />
        </Suspense>
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
