const BROWSERS: [sign: RegExp, name: string][] = [
  [/MicroMessenger\//, '微信'],
  [/DingTalk\//, '钉钉'],
  [/Lark\/|Feishu\//, '飞书'],
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/(?:Headless)?Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const SYSTEMS: [sign: RegExp, name: string][] = [
  [/HarmonyOS|OpenHarmony/, 'HarmonyOS'],
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
];

/** “Windows · Edge” out of a User-Agent header, as far as it can be told; undefined: not at all. */
export function deviceName(agent: string | null): string | undefined {
  const found = [SYSTEMS, BROWSERS].flatMap((signs) => signs.find(([sign]) => sign.test(agent ?? ''))?.[1] ?? []);
  return found.length > 0 ? found.join(' · ') : undefined;
}
