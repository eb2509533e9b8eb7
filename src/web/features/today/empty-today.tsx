import { Link } from '@tanstack/react-router';
import { EmptyState, Skeleton } from '../../ui/page.tsx';
import { useTodayText } from './texts.ts';
import { useAnyCustomer } from './today-api.ts';
import '../../ui/link-button.css';

/** Nothing on the list: all is done, or nothing has been imported. Either way the one next step. */
export function EmptyToday({ done, away = false }: { done: number; away?: boolean | undefined }) {
  const t = useTodayText();
  const { data: any } = useAnyCustomer(done === 0 && !away);
  if (away) return <EmptyState title={t('away-title')} hint={t('away-hint')} />;
  if (done === 0 && any === undefined) return <Skeleton lines={4} />;
  if (done === 0 && any === false)
    return (
      <EmptyState
        title={t('none-title')}
        hint={t('none-hint')}
        action={
          <Link to="/import" className="xk-link-button xk-link-primary">
            {t('go-import')}
          </Link>
        }
      />
    );
  return (
    <EmptyState
      title={t('empty-title')}
      hint={done > 0 ? t('empty-done-hint', { n: done }) : t('empty-hint')}
      action={
        <>
          <Link to="/customers" className="xk-link-button">
            {t('go-customers')}
          </Link>
          <Link to="/health" className="xk-link-button">
            {t('go-health')}
          </Link>
        </>
      }
    />
  );
}
