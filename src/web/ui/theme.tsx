import { App, theme as antdTheme, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { type ReactNode, useSyncExternalStore } from 'react';
import { useLang } from '../i18n/core.ts';
import { useMedia } from './use-media.ts';

export type ThemeChoice = 'light' | 'dark' | 'system';

const KEY = 'xianke.theme';
const listeners = new Set<() => void>();
let choice: ThemeChoice = read();

function read(): ThemeChoice {
  const stored = localStorage.getItem(KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export function setTheme(next: ThemeChoice): void {
  choice = next;
  localStorage.setItem(KEY, next);
  apply();
  for (const listener of listeners) listener();
}

function subscribe(notify: () => void): () => void {
  listeners.add(notify);
  return () => listeners.delete(notify);
}

export const useThemeChoice = (): ThemeChoice => useSyncExternalStore(subscribe, () => choice);

/** Before the first paint, so that a dark page never flashes white. */
export function apply(): void {
  if (choice === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
}

export function useDark(): boolean {
  const system = useMedia('(prefers-color-scheme: dark)');
  const chosen = useThemeChoice();
  return chosen === 'system' ? system : chosen === 'dark';
}

const FONT =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "HarmonyOS Sans SC", "MiSans", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "Helvetica Neue", Arial, sans-serif';

/** English: Latin fonts first, or its quotation marks come out of a Chinese font, twice as wide. Same as in theme.css. */
const FONT_EN =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", "Liberation Sans", "DejaVu Sans", "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif';

/** The same palette as theme.css, as antd's seeds. Text colours hold 4.5 : 1 on their grounds (WCAG 1.4.3). */
const LIGHT = {
  colorPrimary: '#2c7a4b',
  // antd's own hover is lighter than white text on it can bear.
  colorPrimaryHover: '#24683f',
  colorInfo: '#2c7a4b',
  colorSuccess: '#2c7a4b',
  colorWarning: '#a86a00',
  colorError: '#c03a2b',
  colorErrorHover: '#a83224',
  colorLink: '#24683f',
  colorText: '#1b231e',
  colorTextSecondary: '#566159',
  colorTextTertiary: '#667069',
  colorTextDescription: '#566159',
  colorTextPlaceholder: '#6b756e',
  colorBgLayout: '#f7f8f5',
  colorBgContainer: '#ffffff',
  colorBgElevated: '#ffffff',
  controlItemBgActive: '#e4f1e6',
  controlItemBgActiveHover: '#d9ebdc',
  colorBorder: '#d5dad4',
  colorBorderSecondary: '#e7eae5',
};

const DARK = {
  colorPrimary: '#5cba81',
  colorPrimaryHover: '#7cc998',
  colorInfo: '#5cba81',
  colorSuccess: '#5cba81',
  colorWarning: '#d9a441',
  // antd's dark algorithm darkens it by a seventh; what is left still holds 4.5 : 1.
  colorError: '#ff8877',
  colorErrorHover: '#f6968a',
  colorErrorActive: '#f0796a',
  colorLink: '#7cc998',
  colorText: '#e8ece8',
  colorTextSecondary: '#a5b0a8',
  colorTextTertiary: '#98a39b',
  colorTextDescription: '#a5b0a8',
  colorTextPlaceholder: '#8f9a92',
  colorTextLightSolid: '#0a150d',
  colorBgLayout: '#121512',
  colorBgContainer: '#191d1a',
  colorBgElevated: '#212622',
  controlItemBgActive: '#1d3326',
  controlItemBgActiveHover: '#264431',
  colorBorder: '#38403a',
  colorBorderSecondary: '#2a302c',
};

export function ThemeProvider({ children }: { children: ReactNode }) {
  const dark = useDark();
  const lang = useLang();
  // Told so, overlays appear in place; merely hurried by the style sheet, some of them never left the corner where they are measured.
  const still = useMedia('(prefers-reduced-motion: reduce)');
  return (
    <ConfigProvider
      locale={lang === 'zh' ? zhCN : enUS}
      button={{ autoInsertSpace: false }}
      theme={{
        algorithm: dark ? antdTheme.darkAlgorithm : antdTheme.defaultAlgorithm,
        token: {
          ...(dark ? DARK : LIGHT),
          fontFamily: lang === 'zh' ? FONT : FONT_EN,
          fontSize: 14,
          borderRadius: 7,
          borderRadiusLG: 10,
          controlHeight: 32,
          wireframe: false,
          motion: !still,
          motionDurationMid: '0.12s',
          motionDurationSlow: '0.18s',
        },
        components: {
          Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', fontWeight: 500 },
          Tooltip: dark ? { colorTextLightSolid: '#e8ece8', colorBgSpotlight: '#343b36' } : {},
          Segmented: { itemSelectedColor: dark ? '#e8ece8' : '#1b231e' },
        },
      }}
    >
      <App message={{ top: undefined, maxCount: 3 }} className="xk-app">
        {children}
      </App>
    </ConfigProvider>
  );
}
