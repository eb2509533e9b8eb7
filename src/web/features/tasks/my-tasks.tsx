import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useObject } from '../../api/query.ts';
import { DAY, useDateFormat } from '../../api/use-date-format.ts';
import { useDoneToast } from '../../api/use-undo.tsx';
import { Card } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useTasksText } from './texts.ts';
import './tasks.css';

const SHOWN = 8;

/** What falls to me within the week, the oldest first; one tap says it is done. Nothing due: nothing is shown. */
export function MyTasks() {
  const t = useTasksText();
  const toasts = useToasts();
  const doneToast = useDoneToast();
  const client = useQueryClient();
  const format = useDateFormat(DAY);
  const object = useObject('task');
  const key = ['tasks', 'mine'];
  const { data } = useQuery({
    queryKey: key,
    enabled: object !== undefined,
    queryFn: ({ signal }) =>
      call(api.records.query, {
        body: {
          object: 'task',
          fields: ['title', 'due_at', 'customer'],
          filter: {
            all: [
              { field: 'owner', op: 'eq', value: '$me' },
              { field: 'state', op: 'eq', value: 'open' },
              { field: 'due_at', op: 'lte', value: new Date(Date.now() + WEEK_MS).toISOString() },
            ],
          },
          sort: [{ field: 'due_at', dir: 'asc' }],
          page: { limit: SHOWN },
          count: 'capped',
        },
        signal,
      }),
  });
  const finish = useMutation({
    mutationFn: ({ id, version }: { id: string; version: number }) =>
      call(api.records.write, {
        body: { changes: [{ op: 'update', object: 'task', id, version, set: { state: 'done' } }] },
      }),
    onSuccess: ({ changeSet }) => doneToast(t('is-done'), changeSet),
    onError: (problem) => toasts.error(sentence(problem)),
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  });
  if (!data || data.rows.length === 0) return null;
  const now = new Date();
  const more = (data.count?.value ?? 0) - data.rows.length;
  return (
    <Card
      className="xk-tasks"
      title={t('title')}
      extra={
        <Link to="/o/$object" params={{ object: 'task' }} search={{}}>
          {more > 0 ? t('more', { n: more }) : t('all')}
        </Link>
      }
    >
      <ul>
        {data.rows.map(({ id, version, values }) => {
          const title = String(values.title ?? '');
          const due = new Date(String(values.due_at));
          const customer = data.titles?.[String(values.customer ?? '')];
          return (
            <li key={id}>
              <input
                type="checkbox"
                aria-label={t('done', { title })}
                checked={finish.isPending && finish.variables.id === id}
                disabled={finish.isPending}
                onChange={() => finish.mutate({ id, version })}
              />
              <span className="xk-tasks-words">
                <Link to="/o/$object/$id" params={{ object: 'task', id }}>
                  {title}
                </Link>
                {customer !== undefined && <span className="xk-muted">{customer}</span>}
                <span className={due < now ? 'xk-tasks-late' : 'xk-muted'}>
                  {due < now
                    ? t('overdue')
                    : format.format(due) === format.format(now)
                      ? t('today')
                      : format.format(due)}
                </span>
              </span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

const WEEK_MS = 7 * 86_400_000;
