import { useQuery } from '@tanstack/react-query';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { useSession } from '../../api/query.ts';
import { formatMoment } from '../../fields/format.ts';
import { Card } from '../../ui/page.tsx';
import { noticeKeys } from './keys.ts';
import { useReminderText } from './texts.ts';

/** What left, what waits and why. */
export function OutgoingList() {
  const t = useReminderText();
  const { workspace } = useSession();
  const { data } = useQuery({
    queryKey: noticeKeys.outgoing,
    queryFn: ({ signal }) => call(api.channels.outgoing, { query: { limit: 30 }, signal }),
  });
  return (
    <Card title={t('outgoing')}>
      {data?.messages.length === 0 && <p className="xk-muted">{t('outgoing-none')}</p>}
      <ul className="xk-outgoing">
        {data?.messages.map((message) => (
          <li key={message.id}>
            <span>
              {message.recipient}{' '}
              <span className="xk-muted">{message.channel === 'mail' ? t('mail') : message.channel}</span>
            </span>
            <span>
              {t(`state-${message.state}`)}
              {message.attempts > 1 && ` · ${t('attempts', { n: message.attempts })}`}
              {message.error && ` · ${message.error}`}
            </span>
            <span className="xk-muted">{formatMoment(message.createdAt, workspace.timeZone)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
