import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Drawer } from 'antd';
import { api } from '../../../contract/api.ts';
import type { AuditEntryView, AuditProof } from '../../../contract/audit.ts';
import { call } from '../../api/client.ts';
import { useDateFormat } from '../../api/use-date-format.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { saveJson } from './save-json.ts';
import { useAuditText } from './texts.ts';
import { useEntryWords } from './use-entry-words.ts';

const SHOWN = 20;
const SOURCES = ['page', 'api', 'cli', 'import', 'form', 'customer', 'sync', 'rule', 'system'] as const;
const MOMENT: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'medium' };

/** One entry: all that it says, and what proves that it is in the log. */
export function EntryDrawer({ leaf, onClose }: { leaf: number; onClose: () => void }) {
  const t = useAuditText();
  const query = useQuery({
    queryKey: ['audit', 'entry', leaf],
    queryFn: async ({ signal }) => {
      const [proof, { entries }] = await Promise.all([
        call(api.audit.entry, { params: { leaf }, signal }),
        call(api.audit.entries, { query: { before: leaf + 1, limit: 1 }, signal }),
      ]);
      return { proof, entry: entries[0] };
    },
  });
  return (
    <Drawer open size={520} title={t('leaf', { leaf })} onClose={onClose}>
      {query.error ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data?.entry ? (
        <>
          <Facts entry={query.data.entry} />
          <Proof proof={query.data.proof} />
        </>
      ) : (
        <Skeleton lines={8} />
      )}
    </Drawer>
  );
}

function Facts({ entry }: { entry: AuditEntryView }) {
  const t = useAuditText();
  const words = useEntryWords();
  const moment = useDateFormat(MOMENT);
  const source = SOURCES.find((one) => one === entry.source);
  return (
    <dl className="xk-audit-facts">
      <dt>{t(`kind-${entry.kind}`)}</dt>
      <dd>{words.did(entry)}</dd>
      <dt>{t('who')}</dt>
      <dd>{words.who(entry)}</dd>
      <dt>{t('at')}</dt>
      <dd>{moment.format(new Date(entry.at))}</dd>
      <dt>{t('source')}</dt>
      <dd>{source ? t(`source-${source}`) : entry.source}</dd>
      {entry.records.length > 0 && entry.object && (
        <>
          <dt>{t('records')}</dt>
          <dd>
            <ul>
              {entry.records.slice(0, SHOWN).map((id) => (
                <li key={id}>
                  <Link to="/o/$object/$id" params={{ object: entry.object ?? '', id }}>
                    <code className="xk-audit-code">{id}</code>
                  </Link>
                </li>
              ))}
            </ul>
            {entry.records.length > SHOWN && t('records-more', { n: entry.records.length })}
          </dd>
        </>
      )}
      <dt>{t('public')}</dt>
      <dd>
        <code className="xk-audit-code">{JSON.stringify(entry.body)}</code>
      </dd>
      <dt>{t('private')}</dt>
      <dd>
        {entry.private === null ? (
          <span className="xk-muted">{t('private-none')}</span>
        ) : (
          <code className="xk-audit-code">{JSON.stringify(entry.private)}</code>
        )}
      </dd>
    </dl>
  );
}

function Proof({ proof }: { proof: AuditProof }) {
  const t = useAuditText();
  const moment = useDateFormat(MOMENT);
  const { path, head, leaf } = proof;
  return (
    <section className="xk-audit-proof">
      <h2>{t('proof')}</h2>
      <p>{t('proof-line', { n: path.length, at: moment.format(new Date(head.at)), size: head.size })}</p>
      <Button onClick={() => saveJson(proof, `audit-proof-${leaf}.json`)}>{t('proof-save')}</Button>
      <details>
        <summary>{t('proof-path')}</summary>
        <ol>
          {path.map((hash) => (
            <li key={hash}>
              <code className="xk-audit-code">{hash}</code>
            </li>
          ))}
        </ol>
      </details>
    </section>
  );
}
