import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { api } from '../../../contract/api.ts';
import type { TagRunView } from '../../../contract/tagging.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useUndo } from '../../api/use-undo.tsx';
import { Card } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { taggingKeys, useTagNames } from './tagging-api.ts';
import { useTaggingText } from './texts.ts';

const GOING = ['looking', 'running'];
/** While one is under way it is looked at again after this. */
const AGAIN_MS = 1000;

/** The look through all texts: preview, progress, what it set, and taking that back. */
export function TagRuns() {
  const t = useTaggingText();
  const toasts = useToasts();
  const undo = useUndo();
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: taggingKeys.runs,
    queryFn: ({ signal }) => call(api.tagging.runs, { signal }),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.runs.some((run) => GOING.includes(run.state)) ? AGAIN_MS : false),
  });
  const act = useMutation({
    mutationFn: async ({ what, id }: { what: 'look' | 'start' | 'cancel'; id?: string }) => {
      if (what === 'look') await call(api.tagging.look, {});
      else await call(api.tagging[what], { params: { id: id ?? '' } });
    },
    onError: (problem) => toasts.error(sentence(problem)),
    onSettled: () => client.invalidateQueries({ queryKey: taggingKeys.all }),
  });
  const [newest, ...past] = data?.runs ?? [];
  const open = newest && (GOING.includes(newest.state) || newest.state === 'ready') ? newest : undefined;
  const ended = (newest && !open ? [newest, ...past] : past).slice(0, 5);
  const state = (run: TagRunView) =>
    run.state === 'done' || run.state === 'cancelled' || run.state === 'failed' ? t(`state-${run.state}`) : '';
  return (
    <Card
      title={t('backlog')}
      extra={
        !open && (
          <Button loading={act.isPending} onClick={() => act.mutate({ what: 'look' })}>
            {t('look')}
          </Button>
        )
      }
    >
      <p className="xk-muted">{t('backlog-hint')}</p>
      {open && <OpenRun run={open} busy={act.isPending} onAct={(what) => act.mutate({ what, id: open.id })} />}
      {ended.length > 0 && (
        <>
          <h3 className="xk-tagging-try-head">{t('past')}</h3>
          <ul className="xk-tagging-past">
            {ended.map((run) => (
              <li key={run.id}>
                {t('past-line', {
                  ...{ at: run.at.slice(0, 16).replace('T', ' '), name: run.byName, state: state(run) },
                  n: run.changeSet ? run.done : 0,
                })}{' '}
                {run.changeSet && (
                  <Button size="small" type="link" onClick={() => void undo(run.changeSet ?? '')}>
                    {t('undo')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

function OpenRun({ run, busy, onAct }: { run: TagRunView; busy: boolean; onAct(what: 'start' | 'cancel'): void }) {
  const t = useTaggingText();
  const names = useTagNames();
  const { state, done, total, counts } = run;
  if (state === 'looking' || state === 'running') {
    const words = t(state, { done, total });
    return (
      <div className="xk-tagging-run" role="status">
        <p>{words}</p>
        <progress value={done} max={Math.max(1, total)} aria-label={words} />
        <Button disabled={busy} onClick={() => onAct('cancel')}>
          {t('stop')}
        </Button>
      </div>
    );
  }
  const some = counts.some(({ customers }) => customers > 0);
  return (
    <div className="xk-tagging-run" role="status">
      <p>{some ? t('ready') : t('ready-none')}</p>
      {counts.length > 0 && (
        <div className="xk-scroll">
          <table className="xk-plain-table">
            <thead>
              <tr>
                <th>{t('tag')}</th>
                <th>{t('customers')}</th>
                <th>{t('texts')}</th>
                <th>{t('denied')}</th>
              </tr>
            </thead>
            <tbody>
              {counts.map(({ field, tag, customers, texts, denied }) => (
                <tr key={`${field} ${tag}`}>
                  <th scope="row">{names.tag(field, tag)}</th>
                  <td>{customers}</td>
                  <td>{texts}</td>
                  <td>{denied}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div className="xk-tagging-foot">
        <Button
          type="primary"
          disabled={busy || counts.every(({ texts }) => texts === 0)}
          onClick={() => onAct('start')}
        >
          {t('start')}
        </Button>
        <Button disabled={busy} onClick={() => onAct('cancel')}>
          {t('dismiss')}
        </Button>
      </div>
    </div>
  );
}
