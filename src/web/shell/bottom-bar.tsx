import { CloseOutlined, MenuOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { useRef } from 'react';
import { useText } from '../i18n/core.ts';
import { PLACES } from './navigation.tsx';
import { SideNav } from './side-nav.tsx';

/** Phone navigation: the four places under the thumb, the rest behind 更多. */
export function BottomBar() {
  const t = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  const close = () => dialog.current?.close();
  return (
    <>
      <nav className="xk-bottom" aria-label={t('main-navigation')}>
        {PLACES.filter((place) => !place.aside).map((place) => (
          <Link key={place.to} to={place.to} className="xk-tab" activeProps={{ className: 'xk-tab xk-tab-active' }}>
            {place.icon}
            <span>{t(place.text)}</span>
          </Link>
        ))}
        <button type="button" className="xk-tab" aria-haspopup="dialog" onClick={() => dialog.current?.showModal()}>
          <MenuOutlined />
          <span>{t('more')}</span>
        </button>
      </nav>
      {/* A tap on a link or beside the drawer closes it; the links themselves stay ordinary links. */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Enter on a link inside is a click too, Escape closes a dialog by itself */}
      <dialog ref={dialog} className="xk-drawer" aria-label={t('more')} onClick={close}>
        <button type="button" className="xk-drawer-close" aria-label={t('close')} onClick={close}>
          <CloseOutlined />
        </button>
        <SideNav />
      </dialog>
    </>
  );
}
