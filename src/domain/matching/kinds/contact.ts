import { editDistance, jaroWinkler } from '../distance.ts';
import { type Phone, parsePhone } from '../standardise/phone.ts';
import { plain } from '../standardise/text.ts';
import type { Kind } from '../types.ts';

export const phone: Kind<Phone> = {
  name: 'phone',
  levels: [
    { name: 'same', label: { zh: '号码相同', en: 'same number' }, m: 0.6, u: 1e-5, term: true },
    {
      name: 'local',
      label: { zh: '本地号码相同，一方缺区号', en: 'same local number, area code missing on one side' },
      m: 0.05,
      u: 1e-6,
      term: true,
    },
    { name: 'elsewhere', label: { zh: '号码出现在另一栏', en: 'the number is in another column' }, m: 0.02, u: 1e-6 },
    { name: 'near', label: { zh: '号码只差一位', en: 'one digit apart' }, m: 0.04, u: 1e-6 },
    { name: 'other', label: { zh: '号码不同', en: 'different numbers' }, m: 0.29, u: 0.999 },
  ],
  parse: parsePhone,
  text: (v) => v.national,
  compare(a, b) {
    if (a.national === b.national) return 0;
    const [short, long] = a.national.length <= b.national.length ? [a, b] : [b, a];
    // 87654321 of 057187654321, and a national number of one with country code (020 … of +44 20 …).
    if (short.national.length >= 7 && long.national.endsWith(short.national.replace(/^0/, ''))) return 1;
    return a.local.length >= 7 && a.area === b.area && editDistance(a.local, b.local, 1) <= 1 ? 3 : 4;
  },
  keys: (v) => [v.national.slice(-7)],
  coarse: (v) => [v.local.slice(-4)],
  term: (v) => v.national.slice(-8),
};

export interface Email {
  user: string;
  host: string;
}

const PUBLIC_HOSTS = new Set(
  'qq.com foxmail.com vip.qq.com 163.com 126.com yeah.net sina.com sina.cn sohu.com 139.com 189.cn wo.cn aliyun.com 21cn.com tom.com gmail.com googlemail.com hotmail.com outlook.com live.com msn.com yahoo.com yahoo.com.cn yahoo.co.uk icloud.com me.com mac.com aol.com gmx.de gmx.net web.de t-online.de mail.ru yandex.ru proton.me protonmail.com comcast.net verizon.net att.net btinternet.com orange.fr free.fr libero.it'.split(
    ' ',
  ),
);

export const email: Kind<Email> = {
  name: 'email',
  levels: [
    { name: 'same', label: { zh: '邮箱相同', en: 'same address' }, m: 0.6, u: 1e-5, term: true },
    { name: 'user', label: { zh: '邮箱用户名相同', en: 'same name before the @' }, m: 0.03, u: 1e-5 },
    { name: 'near', label: { zh: '邮箱只差一两个字符', en: 'a typing error apart' }, m: 0.07, u: 1e-5 },
    { name: 'host', label: { zh: '同一企业邮箱域名', en: 'same company domain' }, m: 0.1, u: 1e-4 },
    { name: 'other', label: { zh: '邮箱不同', en: 'different addresses' }, m: 0.2, u: 0.999 },
  ],
  parse(raw) {
    const text = plain(raw)
      .replace(/^mailto:/, '')
      .replace(/\s+/g, '');
    const at = text.indexOf('@');
    if (at < 0) return text.length >= 3 && !text.includes('/') ? { user: text, host: '' } : null;
    const host = text
      .slice(at + 1)
      .replace(/@/g, '')
      .replace(/\.$/, '');
    let user = text.slice(0, at);
    if (host === 'gmail.com' || host === 'googlemail.com') user = user.replace(/\./g, '').replace(/\+.*$/, '');
    return user === '' && host === '' ? null : { user, host };
  },
  text: (v) => `${v.user}@${v.host}`,
  compare(a, b) {
    if (a.user === b.user) {
      if (a.host === b.host) return 0;
      return a.user.length < 3 ? 4 : editDistance(a.host, b.host, 2) <= 2 ? 2 : 1;
    }
    const x = `${a.user}@${a.host}`;
    const y = `${b.user}@${b.host}`;
    const numbers = a.user.replace(/\D/g, '') !== b.user.replace(/\D/g, '') && /^\d+$/.test(a.user);
    if (
      !numbers &&
      a.user.length >= 3 &&
      b.user.length >= 3 &&
      editDistance(x, y, 2) <= (a.host === b.host && PUBLIC_HOSTS.has(a.host) ? 1 : 2)
    )
      return 2;
    if (a.host === b.host && a.host !== '' && !PUBLIC_HOSTS.has(a.host)) return 3;
    return !numbers && jaroWinkler(x, y) >= 0.95 ? 2 : 4;
  },
  keys: (v) => [
    `${v.user}@${v.host}`,
    ...(v.user.length >= 5 ? [v.user] : []),
    ...(PUBLIC_HOSTS.has(v.host) || v.host === '' ? [] : [`@${v.host}`]),
  ],
  coarse: (v) => [v.user.slice(0, 3)],
  term: (v) => `${v.user}@${v.host}`,
};

export const url: Kind<string> = {
  name: 'url',
  disagree: 0.3,
  levels: [
    { name: 'same', label: { zh: '网站相同', en: 'same web site' }, m: 0.7, u: 1e-5, term: true },
    { name: 'near', label: { zh: '网站只差一两个字符', en: 'web site differs by a typing error' }, m: 0.1, u: 1e-5 },
    { name: 'other', label: { zh: '网站不同', en: 'different web sites' }, m: 0.2, u: 0.999 },
  ],
  parse(raw) {
    const host = plain(raw)
      .replace(/^[a-z]+:\/\//, '')
      .replace(/^www\d?\./, '')
      .replace(/[/?#:].*$/, '')
      .replace(/\s+/g, '');
    return host.length >= 3 ? host : null;
  },
  text: (v) => v,
  compare: (a, b) =>
    a === b ? 0 : a.split('.')[0] === b.split('.')[0] || (a.length > 8 && editDistance(a, b, 1) <= 1) ? 1 : 2,
  keys: (v) => [v.split('.')[0] ?? v],
  coarse: (v) => [v.slice(0, 4)],
  term: (v) => v,
};
