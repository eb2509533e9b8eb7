import { GlobalOutlined, LogoutOutlined, MoonOutlined, SunOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Dropdown } from 'antd';
import { api } from '../../contract/api.ts';
import { call } from '../api/client.ts';
import { useSession } from '../api/query.ts';
import { setLang, useLang, useText } from '../i18n/core.ts';
import { setTheme, type ThemeChoice, useDark, useThemeChoice } from '../ui/theme.tsx';

/** Language, light or dark, and who is signed in; language and theme also serve the screens before sign-in. */
export function LanguageButton() {
  const t = useText();
  const lang = useLang();
  return (
    <Button
      type="text"
      icon={<GlobalOutlined />}
      title={t('switch-language')}
      onClick={() => void setLang(lang === 'zh' ? 'en' : 'zh')}
    >
      <span lang={lang === 'zh' ? 'en' : 'zh-CN'}>{lang === 'zh' ? 'EN' : '中'}</span>
    </Button>
  );
}

export function ThemeButton() {
  const t = useText();
  const dark = useDark();
  const choice = useThemeChoice();
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        selectable: true,
        selectedKeys: [choice],
        items: (['light', 'dark', 'system'] as const).map((key) => ({ key, label: t(`theme-${key}`) })),
        onClick: ({ key }) => setTheme(key as ThemeChoice),
      }}
    >
      <Button
        type="text"
        icon={dark ? <MoonOutlined /> : <SunOutlined />}
        aria-label={t('switch-theme')}
        title={t('switch-theme')}
      />
    </Dropdown>
  );
}

export function AccountMenu() {
  const t = useText();
  const { account } = useSession();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const signOut = async () => {
    await call(api.session.signOut);
    queryClient.clear();
    await navigate({ to: '/sign-in' });
  };
  return (
    <div className="xk-account">
      <LanguageButton />
      <ThemeButton />
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            {
              key: 'who',
              type: 'group',
              label: (
                <span className="xk-who">
                  <strong>{account.name}</strong>
                  {account.email}
                </span>
              ),
            },
            { type: 'divider' },
            { key: 'out', icon: <LogoutOutlined />, label: t('sign-out'), onClick: () => void signOut() },
          ],
        }}
      >
        <button type="button" className="xk-avatar" aria-label={`${t('account')} ${account.name}`}>
          {account.name.slice(/^[一-鿿]/.test(account.name) ? -2 : 0).slice(0, 2)}
        </button>
      </Dropdown>
    </div>
  );
}
