import {
  GlobalOutlined,
  LockOutlined,
  LogoutOutlined,
  MoonOutlined,
  QuestionCircleOutlined,
  SunOutlined,
} from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { api } from '../../contract/api.ts';
import { call } from '../api/client.ts';
import { forgetCopies } from '../api/offline-copy.ts';
import { useSession } from '../api/query.ts';
import { setLang, useLang, useText } from '../i18n/core.ts';
import { FloatingMenu } from '../ui/floating.tsx';
import { setTheme, useDark, useThemeChoice } from '../ui/theme.tsx';

/** Language, light or dark, and who is signed in; language and theme also serve the screens before sign-in. */
export function LanguageButton() {
  const t = useText();
  const lang = useLang();
  return (
    <Button
      type="text"
      icon={<GlobalOutlined />}
      title={t('switch-language')}
      onClick={() => setLang(lang === 'zh' ? 'en' : 'zh')}
    >
      <span lang={lang === 'zh' ? 'en' : 'zh-CN'}>{lang === 'zh' ? 'EN' : '中'}</span>
    </Button>
  );
}

export function ThemeButton() {
  const t = useText();
  const dark = useDark();
  const choice = useThemeChoice();
  const [menu, setMenu] = useState<DOMRect | null>(null);
  return (
    <>
      <Button
        type="text"
        icon={dark ? <MoonOutlined /> : <SunOutlined />}
        aria-label={t('switch-theme')}
        aria-haspopup="menu"
        title={t('switch-theme')}
        onClick={(event) => setMenu(event.currentTarget.getBoundingClientRect())}
      />
      {menu && (
        <FloatingMenu
          anchor={menu}
          onClose={() => setMenu(null)}
          items={(['light', 'dark', 'system'] as const).map((key) => ({
            key,
            label: t(`theme-${key}`),
            icon: key === choice ? '✓' : '',
            onPick: () => setTheme(key),
          }))}
        />
      )}
    </>
  );
}

/** Without `onHelp` it only leads out: before a second factor that is needed there is nowhere else to go. */
export function AccountMenu({ onHelp }: { onHelp?: () => void }) {
  const t = useText();
  const { account } = useSession();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [menu, setMenu] = useState<DOMRect | null>(null);
  const signOut = async () => {
    await call(api.session.signOut);
    forgetCopies();
    queryClient.clear();
    await navigate({ to: '/sign-in' });
  };
  return (
    <div className="xk-account">
      <LanguageButton />
      <ThemeButton />
      <button
        type="button"
        className="xk-avatar"
        aria-label={`${t('account')} ${account.name}`}
        aria-haspopup="menu"
        // Drawn by the stylesheet: “li” is no part of the name that is read out (WCAG 2.5.3).
        data-initials={account.name.slice(/^[一-鿿]/.test(account.name) ? -2 : 0).slice(0, 2)}
        onClick={(event) => setMenu(event.currentTarget.getBoundingClientRect())}
      />
      {menu && (
        <FloatingMenu
          anchor={menu}
          onClose={() => setMenu(null)}
          head={
            <span className="xk-who">
              <strong>{account.name}</strong>
              {account.email}
            </span>
          }
          items={[
            ...(onHelp
              ? [
                  {
                    key: 'security',
                    icon: <LockOutlined />,
                    label: t('my-account'),
                    onPick: () => void navigate({ to: '/settings/account' }),
                  },
                  { key: 'keys', icon: <QuestionCircleOutlined />, label: t('keyboard'), onPick: onHelp },
                ]
              : []),
            { key: 'out', icon: <LogoutOutlined />, label: t('sign-out'), onPick: () => void signOut() },
          ]}
        />
      )}
    </div>
  );
}
