import { DisconnectOutlined, SearchOutlined } from '@ant-design/icons';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useOnline } from '../api/live.ts';
import { useSession } from '../api/query.ts';
import { useText } from '../i18n/core.ts';
import { AccountMenu } from './account-menu.tsx';

const Bell = lazy(async () => ({ default: (await import('../features/reminders/bell.tsx')).Bell }));
const CommandPalette = lazy(async () => ({
  default: (await import('../features/command/command-palette.tsx')).CommandPalette,
}));

const KeyboardHelp = lazy(async () => ({ default: (await import('./keyboard-help.tsx')).KeyboardHelp }));

const mac = /mac|iphone|ipad/i.test(navigator.userAgent);

/** Workspace, search over everything (⌘K / Ctrl-K), connection, account. */
export function Header() {
  const t = useText();
  const { workspace } = useSession();
  const online = useOnline();
  const [open, setOpen] = useState(false);
  const [help, setHelp] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.metaKey || event.ctrlKey) && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        setOpen(true);
      }
      const typing =
        event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]');
      if ((event.key === '?' && !typing) || (event.key === '/' && (event.metaKey || event.ctrlKey))) {
        event.preventDefault();
        setHelp(true);
      }
    };
    // Before any editor or table sees the key.
    addEventListener('keydown', onKey, true);
    return () => removeEventListener('keydown', onKey, true);
  }, []);
  return (
    <header className="xk-header">
      <span className="xk-workspace">{workspace.name}</span>
      <button type="button" className="xk-search-button" onClick={() => setOpen(true)}>
        <SearchOutlined />
        <span className="xk-search-hint">{t('search-all')}</span>
        <kbd>{mac ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <span role="status" className="xk-connection">
        {!online && (
          <>
            <DisconnectOutlined /> {t('reconnecting')}
          </>
        )}
      </span>
      <Suspense fallback={null}>
        <Bell />
      </Suspense>
      <AccountMenu onHelp={() => setHelp(true)} />
      {help && (
        <Suspense fallback={null}>
          <KeyboardHelp onClose={() => setHelp(false)} />
        </Suspense>
      )}
      {open && (
        <Suspense fallback={null}>
          <CommandPalette open={open} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </header>
  );
}
