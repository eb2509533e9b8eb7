import { Link } from '@tanstack/react-router';
import { useText } from '../i18n/core.ts';
import { EmptyState } from '../ui/page.tsx';

export function NotFound() {
  const t = useText();
  return (
    <main>
      <EmptyState
        heading="h1"
        title={t('not-found')}
        hint={t('not-found-hint')}
        action={
          <Link to="/today" className="xk-button">
            {t('go-home')}
          </Link>
        }
      />
    </main>
  );
}
