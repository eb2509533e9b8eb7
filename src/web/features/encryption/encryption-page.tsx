import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { App, Button } from 'antd';
import { api } from '../../../contract/api.ts';
import type { EncryptionState } from '../../../contract/encryption.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useDateFormat } from '../../api/use-date-format.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { FieldTable } from './field-table.tsx';
import { useEncryptionText } from './texts.ts';
import './encryption.css';

const KEY = ['encryption'] as const;
const DAY: Intl.DateTimeFormatOptions = { dateStyle: 'medium' };
const MOMENT: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short' };

/** Which master key is in force, what it guards, and how far a change of it is. */
export function EncryptionPage() {
  const t = useEncryptionText();
  const { data, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => call(api.encryption.state, { signal }),
    refetchInterval: ({ state }) => (state.data && isBusy(state.data) ? 2_000 : 30_000),
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={5} />;
  if (data.masters.length === 0 && data.fields.length === 0)
    return (
      <Card>
        <p className="xk-muted">{t('none')}</p>
        <Link to="/settings/fields">{t('go-fields')}</Link>
      </Card>
    );
  return (
    <div className="xk-encryption">
      {data.missing.map((id) => (
        <p key={id} className="xk-encryption-missing" role="alert">
          {t('missing', { id })}
        </p>
      ))}
      <MasterKeys state={data} />
      {data.fields.length > 0 && <FieldTable fields={data.fields} />}
    </div>
  );
}

const isBusy = ({ rotation, fields }: EncryptionState): boolean =>
  (rotation !== null && rotation.finishedAt === null) || fields.some(({ moving }) => moving !== null);

function MasterKeys({ state }: { state: EncryptionState }) {
  const t = useEncryptionText();
  const toasts = useToasts();
  const client = useQueryClient();
  const { modal } = App.useApp();
  const day = useDateFormat(DAY);
  const done = (word: 'rotate-begun' | 'forgotten') => ({
    onSuccess: (next: EncryptionState) => {
      client.setQueryData(KEY, next);
      toasts.success(t(word));
    },
    onError: (problem: Error) => toasts.error(sentence(problem)),
  });
  const rotate = useMutation({ mutationFn: () => call(api.encryption.rotate, {}), ...done('rotate-begun') });
  const forget = useMutation({
    mutationFn: (id: string) => call(api.encryption.forget, { params: { id } }),
    ...done('forgotten'),
  });
  const ask = (title: string, content: string, okText: string, onOk: () => Promise<unknown>, danger = false) =>
    modal.confirm({ title, content, okText, okButtonProps: { danger }, cancelText: t('cancel'), onOk });
  const rotating = state.rotation !== null && state.rotation.finishedAt === null;
  return (
    <Card
      title={t('master')}
      extra={
        <Button
          disabled={rotating || state.masters.length === 0 || state.missing.length > 0}
          loading={rotate.isPending}
          onClick={() => ask(t('rotate-ask'), t('rotate-hint'), t('rotate'), () => rotate.mutateAsync())}
        >
          {t('rotate')}
        </Button>
      }
    >
      <ul className="xk-encryption-keys">
        {state.masters.map(({ id, since, state: at, leftAt, here }) => (
          <li key={id}>
            <code>{id}</code>
            <span className={at === 'current' ? 'xk-encryption-current' : 'xk-muted'}>{t(at)}</span>
            <span className="xk-muted">
              {leftAt
                ? t('left-at', { at: day.format(new Date(leftAt)) })
                : t('since', { at: day.format(new Date(since)) })}
            </span>
            {!here && at !== 'left' && <span className="xk-encryption-gone">{t('not-here')}</span>}
            {at === 'left' && !state.given && (
              <Button
                size="small"
                danger
                loading={forget.isPending}
                onClick={() =>
                  ask(t('forget-ask', { id }), t('forget-hint'), t('forget'), () => forget.mutateAsync(id), true)
                }
              >
                {t('forget')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <p className="xk-muted">{t('records', { n: state.keys })}</p>
      {state.given && <p className="xk-muted">{t('given')}</p>}
      {state.rotation && <RotationLine rotation={state.rotation} />}
    </Card>
  );
}

function RotationLine({ rotation }: { rotation: NonNullable<EncryptionState['rotation']> }) {
  const t = useEncryptionText();
  const moment = useDateFormat(MOMENT);
  const { at, byName: by, done, total, finishedAt, error } = rotation;
  if (finishedAt === null)
    return (
      <div role="status">
        <p>{t('rotating', { done, total })}</p>
        <progress className="xk-encryption-bar" value={done} max={Math.max(total, 1)} aria-label={t('rotate')} />
        {error && <p className="xk-encryption-gone">{t('stopped')}</p>}
      </div>
    );
  const when = { at: moment.format(new Date(at)), end: moment.format(new Date(finishedAt)), total };
  return <p className="xk-muted">{by === '' ? t('rotated-by-nobody', when) : t('rotated', { ...when, by })}</p>;
}
