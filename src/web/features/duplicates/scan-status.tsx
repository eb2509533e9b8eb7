import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useEffect, useRef } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useMay } from '../../api/query.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { refreshCounts, refreshQueue } from './duplicates-api.ts';
import type { ComparedObject } from './queue-model.ts';
import { useDuplicatesText } from './texts.ts';

/** When everything was last looked through; a scan with how far it is; a button to begin one. */
export function ScanStatus({ of }: { of: ComparedObject }) {
  const t = useDuplicatesText();
  const toasts = useToasts();
  const client = useQueryClient();
  const may = useMay('quality');
  const time = useDateFormat(DAY_AND_TIME);
  const start = useMutation({
    mutationFn: () => call(api.duplicates.scan, { body: { object: of.object } }),
    onSuccess: () => toasts.info(t('scan-started')),
    onError: (error) => toasts.error(sentence(error)),
    onSettled: () => refreshCounts(client),
  });
  const { scan } = of;
  const running = useRef(false);
  useEffect(() => {
    // The end of a scan that was seen running.
    if (running.current && scan === null) {
      toasts.success(t('scan-done', { n: of.open }));
      void refreshQueue(client, of.object);
    }
    running.current = scan !== null;
  });
  const percent = scan?.done != null && scan.total ? scan.done / scan.total : undefined;
  return (
    <div className="xk-scan" role="status">
      {scan ? (
        <>
          <span>{t(`scan-${scan.phase}`, { done: scan.done ?? 0, total: scan.total ?? 0 })}</span>
          <progress
            aria-label={t(`scan-${scan.phase}`, { done: scan.done ?? 0, total: scan.total ?? 0 })}
            value={percent}
          />
        </>
      ) : (
        <>
          {of.scannedAt && (
            <span className="xk-muted">{t('scanned', { at: time.format(new Date(of.scannedAt)) })}</span>
          )}
          {may && (
            <Button size="small" loading={start.isPending} onClick={() => start.mutate()}>
              {t('scan-now')}
            </Button>
          )}
        </>
      )}
    </div>
  );
}
