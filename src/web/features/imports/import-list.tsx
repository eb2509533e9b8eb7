import { Link } from '@tanstack/react-router';
import { useAccounts } from '../../api/query.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { Card, Skeleton } from '../../ui/page.tsx';
import { useImports } from './imports-api.ts';
import type { Import } from './mapping.ts';
import { useImportText } from './texts.ts';
import { percentDone } from './wizard-step.ts';

const unfinished = (state: Import['state']): boolean =>
  ['reading', 'mapping', 'previewing', 'ready', 'running'].includes(state);

/** Every import there was, newest first; each opens where it stands. */
export function ImportList() {
  const t = useImportText();
  const accounts = useAccounts();
  const { data } = useImports();
  const when = useDateFormat(DAY_AND_TIME);
  if (data?.length === 0) return null;
  return (
    <Card title={t('past-title')}>
      {!data ? (
        <Skeleton lines={4} />
      ) : (
        <ul className="xk-past">
          {data.map((one) => {
            const percent = one.progress && one.state === 'running' ? percentDone(one.progress) : null;
            return (
              <li key={one.id}>
                <Link to="/import/$id" params={{ id: one.id }}>
                  <strong>{one.fileName}</strong>
                  <span className="xk-muted">
                    {when.format(new Date(one.createdAt))}
                    {' · '}
                    {accounts.find((account) => account.id === one.createdBy)?.name ?? ''}
                  </span>
                  <span className={`xk-state xk-state-${one.state}`}>
                    {t(`state-${one.state}`)}
                    {percent !== null && ` ${percent}%`}
                  </span>
                  <span className="xk-muted xk-past-result">
                    {one.result
                      ? t('past-summary', {
                          create: one.result.create,
                          update: one.result.update,
                          reject: one.result.reject,
                        })
                      : unfinished(one.state)
                        ? t('continue')
                        : t('open')}
                  </span>
                </Link>
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}
