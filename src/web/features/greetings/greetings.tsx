import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { api } from '../../../contract/api.ts';
import type { Greeting } from '../../../contract/greetings.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useGreetingText } from './texts.ts';
import './greetings.css';

const queryKey = ['greetings'];
const PROBLEMS = ['ask-needs-email', 'mail-not-set-up', 'forbidden', 'record-unknown'] as const;

/** Whom one could greet today and tomorrow; one tap each, or one for all. Nothing when there is nobody. */
export function Greetings() {
  const t = useGreetingText();
  const toasts = useToasts();
  const client = useQueryClient();
  const { data } = useQuery({ queryKey, queryFn: ({ signal }) => call(api.greetings.list, { signal }) });
  const decide = useMutation({
    mutationFn: ({ ids, what }: { ids: string[]; what: 'send' | 'skip' | 'stop'; said: string }) =>
      call(api.greetings.decide, { body: { ids, do: what } }),
    onSuccess: (reply, { said }) => {
      client.setQueryData(queryKey, reply);
      toasts.success(said);
    },
    onError: (error) => toasts.error(sentence(error)),
  });
  if (!data || data.greetings.length === 0) return null;
  const open = data.greetings.filter((one) => one.state === 'proposed');
  const send = (ids: string[]) => decide.mutate({ ids, what: 'send', said: t('sending', { n: ids.length }) });
  return (
    <Card
      title={t('title')}
      extra={
        open.length > 1 && (
          <Button loading={decide.isPending} onClick={() => send(open.map((one) => one.id))}>
            {t('send-all', { n: open.length })}
          </Button>
        )
      }
    >
      <p className="xk-muted">{t('hint')}</p>
      {!data.mail && <p className="xk-greeting-problem">{t('no-mail')}</p>}
      <ul className="xk-greetings">
        {data.greetings.map((one) => (
          <li key={one.id}>
            <span className="xk-greeting-who">
              <strong>{one.name}</strong> <Badge>{t(one.occasion)}</Badge>
              <small className="xk-muted">
                {one.title !== one.name && (
                  <Link to="/o/$object/$id" params={{ object: one.object, id: one.record }}>
                    {one.title}
                  </Link>
                )}{' '}
                <State greeting={one} />
              </small>
            </span>
            {one.state === 'confirmed' && (
              <Button
                size="small"
                aria-label={t('skip-for', { name: one.name })}
                onClick={() => decide.mutate({ ids: [one.id], what: 'skip', said: t('skipped', { name: one.name }) })}
              >
                {t('skip')}
              </Button>
            )}
            {(one.state === 'proposed' || one.state === 'failed') && (
              <span className="xk-greeting-do">
                <Button
                  size="small"
                  type="text"
                  aria-label={t('stop-for', { name: one.name })}
                  onClick={() => decide.mutate({ ids: [one.id], what: 'stop', said: t('stopped', { name: one.name }) })}
                >
                  {t('stop')}
                </Button>
                <Button
                  size="small"
                  aria-label={t('skip-for', { name: one.name })}
                  onClick={() => decide.mutate({ ids: [one.id], what: 'skip', said: t('skipped', { name: one.name }) })}
                >
                  {t('skip')}
                </Button>
                <Button
                  size="small"
                  type="primary"
                  aria-label={one.state === 'failed' ? `${t('again')} ${one.name}` : t('send-to', { name: one.name })}
                  onClick={() => send([one.id])}
                >
                  {t(one.state === 'failed' ? 'again' : 'send')}
                </Button>
              </span>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function State({ greeting }: { greeting: Greeting }) {
  const t = useGreetingText();
  const { state, day, problem } = greeting;
  if (state === 'confirmed') return <>{t('state-confirmed', { day })}</>;
  if (state === 'sent') return <>{t('state-sent')}</>;
  if (state !== 'failed') return <>{day}</>;
  const known = PROBLEMS.find((one) => one === problem);
  return <>{t('state-failed', { why: t(known ? `why-${known}` : 'why-other') })}</>;
}
