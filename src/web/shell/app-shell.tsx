import { Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { startLive } from '../api/live.ts';
import { queryClient } from '../api/query.ts';
import { viewAs, viewed } from '../api/view-as.ts';
import { useText } from '../i18n/core.ts';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { usePhone } from '../ui/use-media.ts';
import { BottomBar } from './bottom-bar.tsx';
import { Header } from './header.tsx';
import { SideNav } from './side-nav.tsx';
import './shell.css';

const MassPanel = lazy(async () => ({ default: (await import('../features/mass/mass-panel.tsx')).MassPanel }));

/** Frame of every signed-in screen: side navigation (bar at the bottom on phones), header, content. */
export function AppShell() {
  const t = useText();
  const phone = usePhone();
  const other = viewed();
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(() => startLive(queryClient), []);
  return (
    <div className="xk-shell">
      <a className="xk-skip" href="#content">
        {t('skip-to-content')}
      </a>
      {!phone && <SideNav />}
      <div className="xk-main">
        <Header />
        {other && (
          <section className="xk-viewing" aria-label={t('viewing-as', { name: other.name })}>
            <span>{t('viewing-as', { name: other.name })}</span>
            <button type="button" onClick={() => viewAs(null)}>
              {t('stop-viewing')}
            </button>
          </section>
        )}
        <main id="content" className="xk-content" tabIndex={-1}>
          <ErrorBoundary key={path}>
            <Outlet />
          </ErrorBoundary>
        </main>
      </div>
      {phone && <BottomBar />}
      <Suspense fallback={null}>
        <MassPanel />
      </Suspense>
    </div>
  );
}
