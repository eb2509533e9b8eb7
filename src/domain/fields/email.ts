import { bad, excerpt, good, NOTHING, rawCode, warning } from './outcome.ts';
import type { FieldType } from './types.ts';

// RFC 5321 lengths; the unquoted local part of RFC 5322 and letters beyond ASCII (RFC 6531).
const LOCAL = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const DOMAIN = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}][\p{L}\p{N}-]{0,61}[\p{L}\p{N}]$/u;

/** Slips of the great providers' names; offered, never applied. */
const SLIPS: Record<string, string> = {
  'gmial.com': 'gmail.com',
  'gmai.com': 'gmail.com',
  'gmail.con': 'gmail.com',
  'gmail.cn': 'gmail.com',
  'qq.con': 'qq.com',
  'qq.cn': 'qq.com',
  'qq.om': 'qq.com',
  '163.con': '163.com',
  '163.cn': '163.com',
  '126.con': '126.com',
  '126.cn': '126.com',
  'hotmial.com': 'hotmail.com',
  'hotmail.con': 'hotmail.com',
  'outlok.com': 'outlook.com',
  'outlook.con': 'outlook.com',
  'sina.con': 'sina.com',
  'foxmial.com': 'foxmail.com',
};

export const email: FieldType = {
  name: 'email',
  label: { zh: '邮箱', en: 'E-mail' },
  kind: 'text',
  column: 'text',
  parse(raw) {
    const code = rawCode(raw);
    if (code === undefined) return bad('email-form', { value: excerpt(raw) });
    let address = code.replace(/^(?:mailto|e-?mail|邮箱|电子邮箱)\s*[:：]\s*/i, '');
    const named = /^[^<>@]*<\s*([^<>]+)\s*>$/.exec(address);
    if (named?.[1]) address = named[1];
    address = address.replace(/\s*([@.])\s*/g, '$1').trim();
    if (address === '') return NOTHING;
    if ((address.match(/@/g) ?? []).length > 1) return bad('email-several', { value: excerpt(address, 40) });
    const at = address.indexOf('@');
    if (at < 0) return bad('email-at', { value: excerpt(address) });
    const local = address.slice(0, at);
    const domain = address.slice(at + 1).toLowerCase();
    if (/[。,，;；\s]/.test(address)) return bad('email-mark', { value: excerpt(address) });
    if (!LOCAL.test(local) || local.length > 64 || !DOMAIN.test(domain) || address.length > 254)
      return bad('email-form', { value: excerpt(address) });
    const meant = SLIPS[domain];
    return good(`${local}@${domain}`, meant ? warning('email-slip', { value: domain, meant }) : null);
  },
  format: (value) => (typeof value === 'string' ? value : ''),
};
