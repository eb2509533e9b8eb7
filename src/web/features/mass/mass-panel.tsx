import { CloseOutlined } from '@ant-design/icons';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useEffect, useRef } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys, queryClient } from '../../api/query.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { isAsked, isWorking, type MassRun, massKeys, massQuery } from './mass-api.ts';
import { useMassWords } from './mass-words.ts';
import { type MassText, useMassText } from './texts.ts';
import { unwatch, useWatched, watch } from './watched.ts';
import './mass.css';

/** Mass operations under way and just ended, in a corner of every page: how far, stop, undo as one. Nothing when there are none. */
export function MassPanel() {
  const t = useMassText();
  const ids = useWatched();
  if (ids.length === 0) return null;
  return (
    <section className="xk-mass-panel" aria-label={t('panel-title')}>
      <ul>
        {ids.map((id) => (
          <PanelLine key={id} id={id} />
        ))}
      </ul>
    </section>
  );
}

function PanelLine({ id }: { id: string }) {
  const t = useMassText();
  const words = useMassWords();
  const toasts = useToasts();
  const { data: run, error } = useQuery(massQuery(id));
  const cancel = useMutation({
    mutationFn: () => call(api.mass.cancel, { params: { id } }),
    onSuccess: (next) => queryClient.setQueryData(massKeys.one(id), next),
    onError: (problem) => toasts.error(sentence(problem)),
  });
  const undo = useMutation({
    mutationFn: (changeSet: string) => call(api.mass.undo, { body: { changeSet } }),
    onSuccess: (next) => {
      queryClient.setQueryData(massKeys.one(next.id), next);
      unwatch(id);
      watch(next.id);
    },
    onError: (problem) => toasts.error(sentence(problem)),
  });
  const working = run ? isWorking(run) : false;
  const wasWorking = useRef(false);
  useEffect(() => {
    // Lists learn of it by the live stream; what counts change sets does not.
    if (wasWorking.current && !working) void queryClient.invalidateQueries({ queryKey: keys.changeSets });
    wasWorking.current = working;
  }, [working]);
  useEffect(() => {
    // Somebody else's browser, or long gone: nothing to show.
    if (error) unwatch(id);
  }, [error, id]);
  if (!run) return null;
  const what = words(run);
  return (
    <li>
      <div className="xk-mass-line">
        <strong>{what}</strong>
        {working ? (
          run.action.kind !== 'undo' && (
            <Button
              size="small"
              loading={cancel.isPending}
              aria-label={t('cancel-of', { what })}
              onClick={() => cancel.mutate()}
            >
              {t('cancel')}
            </Button>
          )
        ) : (
          <>
            {run.changeSet && run.action.kind !== 'undo' && (
              <Button
                size="small"
                loading={undo.isPending}
                aria-label={t('undo-of', { what })}
                onClick={() => undo.mutate(run.changeSet ?? '')}
              >
                {t('undo')}
              </Button>
            )}
            <Button
              type="text"
              size="small"
              icon={<CloseOutlined />}
              aria-label={t('hide')}
              title={t('hide')}
              onClick={() => unwatch(id)}
            />
          </>
        )}
      </div>
      {working ? <Progress run={run} /> : isAsked(run) ? <Asked t={t} /> : <Ended run={run} t={t} />}
    </li>
  );
}

function Progress({ run }: { run: MassRun }) {
  const t = useMassText();
  const { done = 0, total = 0, rate = 0, secondsLeft = null } = run.progress ?? {};
  const words = t('running-n', {
    done: done.toLocaleString(),
    total: total.toLocaleString(),
    rate: Math.round(rate).toLocaleString(),
  });
  return (
    <>
      <progress value={done} max={Math.max(1, total)} aria-label={words} />
      <span className="xk-muted xk-num">
        {words}
        {secondsLeft !== null && ` · ${t('left-s', { n: Math.ceil(secondsLeft) })}`}
      </span>
    </>
  );
}

function Asked({ t }: { t: MassText }) {
  return (
    <div role="status">
      {t('asked')}{' '}
      <Link to="/approvals" search={{ tab: 'mine' }}>
        {t('see-asked')}
      </Link>
    </div>
  );
}

function Ended({ run, t }: { run: MassRun; t: MassText }) {
  const n = run.result?.change ?? 0;
  const said =
    run.action.kind === 'undo'
      ? t('undone-n', { n })
      : run.state === 'cancelled'
        ? t('cancelled-n', { n })
        : run.state === 'failed'
          ? t('failed-n', { n, why: run.error?.message ?? '' })
          : t('done-n', { n });
  return (
    <div role="status">
      {said}
      {run.result?.refused.map(({ code, count, message }) => (
        <div key={code} className="xk-muted">
          {t('refused-n', { n: count })} {message}
        </div>
      ))}{' '}
      {run.changeSet && <Link to="/bin">{t('see-set')}</Link>}
    </div>
  );
}
