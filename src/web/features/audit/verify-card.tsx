import { useMutation, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import { type Fault, faultSentence } from '../../../domain/audit/index.ts';
import { call, download } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useDateFormat } from '../../api/use-date-format.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { formatNumber } from '../../i18n/phrase.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { saveJson } from './save-json.ts';
import { useAuditText } from './texts.ts';

const MOMENT: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'medium' };

/** How the log stands: its size, key and heads, and a verification of the whole. */
export function VerifyCard({ onOpen }: { onOpen: (leaf: number) => void }) {
  const t = useAuditText();
  const label = useLabel();
  const lang = useLang();
  const toasts = useToasts();
  const moment = useDateFormat(MOMENT);
  const [checked, setChecked] = useState<{ n: number; size: number } | null>(null);
  const state = useQuery({
    queryKey: ['audit', 'heads'],
    queryFn: ({ signal }) => call(api.audit.heads, { query: { limit: 20 }, signal }),
    refetchInterval: 30_000,
  });
  const verify = useMutation({
    mutationFn: async () => {
      let verdict = await call(api.audit.verify, { body: {} });
      while (!verdict.done) {
        setChecked({ n: verdict.standing.size, size: verdict.size });
        verdict = await call(api.audit.verify, { body: { from: verdict.standing } });
      }
      return verdict;
    },
    onSettled: () => {
      setChecked(null);
      void state.refetch();
    },
    onError: (error) => toasts.error(sentence(error)),
  });
  const save = useMutation({
    mutationFn: () => download(api.audit.export, {}, 'audit.ndjson'),
    onError: (error) => toasts.error(sentence(error)),
  });
  if (state.error && !state.data) return <Failure error={state.error} onRetry={() => void state.refetch()} />;
  if (!state.data) return <Skeleton lines={4} />;
  const { size, key, heads, log } = state.data;
  const [newest] = heads;
  const verdict = verify.data;
  return (
    <Card className="xk-audit-state">
      <p>
        {newest ? t('state', { size, at: moment.format(new Date(newest.at)), covered: newest.size }) : t('state-none')}
      </p>
      <div className="xk-audit-do">
        <Button type="primary" loading={verify.isPending} onClick={() => verify.mutate()}>
          {t('verify')}
        </Button>
        <Button loading={save.isPending} onClick={() => save.mutate()}>
          {t('export')}
        </Button>
        <span className="xk-muted">{t('export-hint')}</span>
      </div>
      <div role="status">
        {checked && <p>{t('verifying', checked)}</p>}
        {verdict && !verify.isPending && !verdict.fault && (
          <p className="xk-audit-sound">{t('sound', { n: verdict.standing.size, heads: verdict.standing.heads })}</p>
        )}
        {verdict?.fault && !verify.isPending && (
          <p className="xk-audit-fault">
            {label(faultSentence(verdict.fault as Fault))}{' '}
            <Button size="small" onClick={() => onOpen(verdict.fault?.leaf ?? 0)}>
              {t('fault-go', { leaf: verdict.fault.leaf })}
            </Button>
          </p>
        )}
      </div>
      <details>
        <summary>{t('key')}</summary>
        <p>
          <code className="xk-audit-code">{key}</code>
        </p>
        <p className="xk-muted">{t('key-hint')}</p>
      </details>
      <details>
        <summary>{t('heads')}</summary>
        <p className="xk-muted">{t('heads-hint')}</p>
        <table className="xk-audit-heads">
          <thead>
            <tr>
              <th scope="col">{t('head-size')}</th>
              <th scope="col">{t('head-at')}</th>
              <th scope="col">{t('head-root')}</th>
            </tr>
          </thead>
          <tbody>
            {heads.map((head) => (
              <tr key={head.signature}>
                <td className="xk-num">{formatNumber(head.size, lang)}</td>
                <td>{moment.format(new Date(head.at))}</td>
                <td>
                  <code className="xk-audit-code">{head.root}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <Button size="small" onClick={() => saveJson({ log, key, heads }, `audit-heads-${size}.json`)}>
          {t('heads-save')}
        </Button>
      </details>
    </Card>
  );
}
