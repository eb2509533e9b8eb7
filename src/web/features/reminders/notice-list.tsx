import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { useSession } from '../../api/query.ts';
import { formatMoment } from '../../fields/format.ts';
import { useLang } from '../../i18n/core.ts';
import { Skeleton } from '../../ui/page.tsx';
import { noticeKeys } from './keys.ts';
import { useReminderText } from './texts.ts';

/** What I was told, newest first, and whom I should call in the next days. */
export function NoticeList({ onClose }: { onClose(): void }) {
  const t = useReminderText();
  const lang = useLang();
  const client = useQueryClient();
  const { workspace } = useSession();
  const { data } = useQuery({
    queryKey: [...noticeKeys.list, lang],
    queryFn: ({ signal }) => call(api.reminders.notices, { query: { limit: 30 }, signal }),
    staleTime: 0,
  });
  const coming = useQuery({
    queryKey: noticeKeys.upcoming,
    queryFn: ({ signal }) => call(api.reminders.upcoming, { query: { days: 7 }, signal }),
  });
  const read = useMutation({
    mutationFn: (ids: string[] | undefined) => call(api.reminders.read, { body: ids ? { ids } : {} }),
    onSettled: () => client.invalidateQueries({ queryKey: noticeKeys.all }),
  });
  const open = (id: string, isRead: boolean) => {
    if (!isRead) read.mutate([id]);
    onClose();
  };
  return (
    <>
      <div className="xk-notices-head">
        <h2>{t('bell')}</h2>
        {data && data.unread > 0 && (
          <Button size="small" type="link" onClick={() => read.mutate(undefined)}>
            {t('mark-all')}
          </Button>
        )}
      </div>
      {!data && <Skeleton lines={4} />}
      {data?.notices.length === 0 && (
        <p>
          {t('none')}
          <br />
          <span className="xk-muted">{t('none-hint')}</span>
        </p>
      )}
      <ul>
        {data?.notices.map((notice) => (
          <li key={notice.id} className={notice.read ? '' : 'xk-notice-unread'}>
            <NoticeLink
              kind={notice.kind}
              object={notice.object}
              record={notice.record}
              onOpen={() => open(notice.id, notice.read)}
            >
              {notice.message}
            </NoticeLink>
            <span className="xk-muted">{formatMoment(notice.at, workspace.timeZone)}</span>
          </li>
        ))}
      </ul>
      {coming.data && coming.data.items.length > 0 && (
        <>
          <h3>{t('upcoming')}</h3>
          <ul>
            {coming.data.items.slice(0, 10).map((item) => (
              <li key={`${item.id}${item.days}`}>
                <NoticeLink kind="" object={item.object} record={item.id} onOpen={onClose}>
                  {item.title}
                </NoticeLink>
                <span className="xk-muted">
                  {t('upcoming-line', { at: item.at.slice(0, 10), days: item.days })}
                  {item.to === 'manager' && ` · ${t('upcoming-manager')}`}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/** Told to who asked; the others are for who decides. */
const ANSWERS = ['approval-done', 'approval-failed', 'approval-refused', 'approval-lapsed'];

/** Where a notice leads: its record, the review of corrections, or today's list. */
function NoticeLink({
  kind,
  object,
  record,
  onOpen,
  children,
}: {
  kind: string;
  object: string | null;
  record: string | null;
  onOpen(): void;
  children: string;
}) {
  if (kind === 'ask-held')
    return (
      <Link to="/review" search={{ from: 'customer', owner: 'all' }} onClick={onOpen}>
        {children}
      </Link>
    );
  if (kind === 'ask-wants-link' || kind === 'greetings')
    return (
      <Link to="/asks" onClick={onOpen}>
        {children}
      </Link>
    );
  if (kind.startsWith('approval-'))
    return (
      <Link to="/approvals" search={ANSWERS.includes(kind) ? { tab: 'mine' } : {}} onClick={onOpen}>
        {children}
      </Link>
    );
  if (kind === 'check-mine')
    return (
      <Link to="/checks" onClick={onOpen}>
        {children}
      </Link>
    );
  if (object && record)
    return (
      <Link to="/o/$object/$id" params={{ object, id: record }} onClick={onOpen}>
        {children}
      </Link>
    );
  return (
    <Link to="/today" onClick={onOpen}>
      {children}
    </Link>
  );
}
