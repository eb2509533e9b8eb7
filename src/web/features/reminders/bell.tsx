import { BellOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { Floating } from '../../ui/floating.tsx';
import { noticeKeys } from './keys.ts';
import { useReminderText } from './texts.ts';
import './reminders.css';

const NoticeList = lazy(async () => ({ default: (await import('./notice-list.tsx')).NoticeList }));

/** A minute: what is told here is of today, not of this second. */
const EVERY = 60_000;

/** How much is unread; the list comes when it is pressed. */
export function Bell() {
  const t = useReminderText();
  const [at, setAt] = useState<DOMRect | null>(null);
  const { data } = useQuery({
    queryKey: noticeKeys.unread,
    queryFn: async ({ signal }) => (await call(api.reminders.notices, { query: { limit: 0 }, signal })).unread,
    refetchInterval: EVERY,
    refetchOnWindowFocus: true,
  });
  const unread = data ?? 0;
  return (
    <>
      <Button
        type="text"
        className="xk-bell"
        icon={<BellOutlined />}
        aria-label={unread > 0 ? t('bell-unread', { n: unread > 99 ? '99+' : unread }) : t('bell')}
        aria-haspopup="dialog"
        onClick={(event) => setAt(event.currentTarget.getBoundingClientRect())}
      >
        {unread > 0 && <span className="xk-bell-count">{unread > 99 ? '99+' : unread}</span>}
      </Button>
      {at && (
        <Floating anchor={at} onOutside={() => setAt(null)} label={t('bell')}>
          {/* As wide as it will be before the list is there: the box is placed by its width. */}
          <div className="xk-notices">
            <Suspense fallback={null}>
              <NoticeList onClose={() => setAt(null)} />
            </Suspense>
          </div>
        </Floating>
      )}
    </>
  );
}
