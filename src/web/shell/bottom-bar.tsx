import { MenuOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { Drawer } from 'antd';
import { useState } from 'react';
import { useText } from '../i18n/core.ts';
import { PLACES } from './navigation.tsx';
import { SideNav } from './side-nav.tsx';

/** Phone navigation: the four places under the thumb, the rest behind 更多. */
export function BottomBar() {
  const t = useText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <nav className="xk-bottom" aria-label={t('main-navigation')}>
        {PLACES.map((place) => (
          <Link key={place.to} to={place.to} className="xk-tab" activeProps={{ className: 'xk-tab xk-tab-active' }}>
            {place.icon}
            <span>{t(place.text)}</span>
          </Link>
        ))}
        <button type="button" className="xk-tab" aria-expanded={open} onClick={() => setOpen(true)}>
          <MenuOutlined />
          <span>{t('more')}</span>
        </button>
      </nav>
      <Drawer
        open={open}
        onClose={() => setOpen(false)}
        placement="right"
        size={272}
        title={t('more')}
        styles={{ body: { padding: 0 } }}
      >
        {/* A tap on a link closes the drawer; the links themselves stay ordinary links. */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: Enter on a link inside is a click too */}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the interactive elements are the links inside */}
        <div onClick={() => setOpen(false)}>
          <SideNav />
        </div>
      </Drawer>
    </>
  );
}
