import type { Lang } from '../../../domain/issue.ts';
import type { Letter } from './deps.ts';
import type { Link } from './links.ts';

interface Words {
  subject: string;
  lines: string[];
  button: string;
  after: string;
}

export type LetterKind = 'invite' | 'reset' | 'changed' | 'factors';

const WORDS: Record<LetterKind, Record<Lang, (firm: string) => Words>> = {
  invite: {
    zh: (firm) => ({
      subject: `${firm}邀请您加入鲜客`,
      lines: [`${firm}邀请您加入客户信息系统“鲜客”。请点击下面的链接，设置您的密码。`],
      button: '接受邀请',
      after: '链接 7 天内有效，只能使用一次。',
    }),
    en: (firm) => ({
      subject: `${firm} invites you to Xianke`,
      lines: [`${firm} invites you to Xianke, its customer-information system. Follow the link and choose a password.`],
      button: 'Accept the invitation',
      after: 'The link is good for 7 days and can be used once.',
    }),
  },
  reset: {
    zh: () => ({
      subject: '重设您的鲜客密码',
      lines: ['有人（应该是您）请求重设鲜客的登录密码。请点击下面的链接，设置新密码。'],
      button: '设置新密码',
      after: '链接 1 小时内有效，只能使用一次。如果不是您本人操作，请忽略这封邮件，密码不会改变。',
    }),
    en: () => ({
      subject: 'Choose a new Xianke password',
      lines: ['Somebody (you, we hope) asked for a new password for Xianke. Follow the link to choose one.'],
      button: 'Choose a new password',
      after: 'The link is good for one hour and can be used once. If it was not you, do nothing: your password stays.',
    }),
  },
  changed: {
    zh: () => ({
      subject: '您的鲜客密码已更改',
      lines: ['您的鲜客登录密码刚刚被更改，其他设备都已退出登录。如果不是您本人操作，请立即联系管理员。'],
      button: '',
      after: '',
    }),
    en: () => ({
      subject: 'Your Xianke password was changed',
      lines: [
        'The password of your Xianke account was changed a moment ago, and all other devices were signed out. If it was not you, tell your administrator at once.',
      ],
      button: '',
      after: '',
    }),
  },
  factors: {
    zh: () => ({
      subject: '您的鲜客登录方式已更改',
      lines: [
        '您账号的两步验证（验证器、恢复码或通行密钥）刚刚有改动，在“我的账号与安全”里可以看到。如果不是您本人操作，请立即联系管理员。',
      ],
      button: '',
      after: '',
    }),
    en: () => ({
      subject: 'How you sign in to Xianke was changed',
      lines: [
        'The second factors of your account (authenticator app, recovery codes or passkeys) were changed a moment ago; see “My account and security”. If it was not you, tell your administrator at once.',
      ],
      button: '',
      after: '',
    }),
  },
};

const PAGES = { invite: '/invite', reset: '/reset' } as const;

/** Address of the page of a link. The token is behind the #: it is never sent to a server or proxy, and so in no log (ASVS 5.0 14.2.1). */
export const linkPath = ({ kind, token }: Pick<Link, 'kind' | 'token'>): string => `${PAGES[kind]}#${token}`;

/** A mail about somebody's own sign-in. `url` is absent where there is nothing to follow. */
export function letter(
  kind: LetterKind,
  lang: Lang,
  firm: string,
  to: { email: string; name: string },
  { cause, url }: { cause: string; url?: string },
): Letter {
  const words = WORDS[kind][lang](firm);
  const hello = lang === 'zh' ? `${to.name}，您好：` : `Hello ${to.name},`;
  const text = [hello, '', ...words.lines, ...(url ? ['', url] : []), ...(words.after ? ['', words.after] : [])];
  const html = [
    `<p>${escaped(hello)}</p>`,
    ...words.lines.map((line) => `<p>${escaped(line)}</p>`),
    ...(url
      ? [
          `<p><a href="${escaped(url)}" style="display:inline-block;padding:10px 18px;border-radius:6px;background:#2f7d4f;color:#ffffff;text-decoration:none">${escaped(words.button)}</a></p>`,
          `<p style="color:#666666;word-break:break-all">${escaped(url)}</p>`,
        ]
      : []),
    ...(words.after ? [`<p style="color:#666666">${escaped(words.after)}</p>`] : []),
  ];
  return {
    cause,
    to: to.email,
    toName: to.name,
    subject: words.subject,
    text: text.join('\n'),
    html: `<div lang="${lang === 'zh' ? 'zh-CN' : 'en'}">${html.join('\n')}</div>`,
  };
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
