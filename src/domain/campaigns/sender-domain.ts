/** What the name servers said: texts, nothing, or that they could not be asked. */
export type Looked = { records: readonly string[] } | { failed: string };

export interface DomainRecords {
  /** TXT of the domain. */
  txt: Looked;
  /** TXT of `_dmarc.` below it, and of the organisation's domain where that is another. */
  dmarc: Looked;
  /** TXT of `SELECTOR._domainkey.` */
  dkim: readonly { selector: string; found: Looked }[];
  /** Hosts that take its mail. */
  mx: Looked;
}

export const DOMAIN_CODES = [
  'spf-ok',
  'spf-missing',
  'spf-many',
  'spf-all',
  'spf-open',
  'spf-unknown',
  'dkim-ok',
  'dkim-missing',
  'dkim-revoked',
  'dkim-unknown',
  'dmarc-ok',
  'dmarc-none',
  'dmarc-missing',
  'dmarc-many',
  'dmarc-unknown',
  'mx-ok',
  'mx-missing',
  'mx-unknown',
] as const;
export type DomainCode = (typeof DOMAIN_CODES)[number];

export interface DomainCheck {
  /** good · weak: it works, but · bad: letters may be refused · unknown: could not be asked */
  state: 'good' | 'weak' | 'bad' | 'unknown';
  code: DomainCode;
  /** The record it is about, or the selector that was found. */
  record: string | null;
}

/** Whether receivers can tell that letters are really from this domain. SPF RFC 7208, DKIM RFC 6376, DMARC RFC 7489. */
export function judgeDomain({ txt, dmarc, dkim, mx }: DomainRecords): DomainCheck[] {
  return [judgeSpf(txt), judgeDkim(dkim), judgeDmarc(dmarc), judgeMx(mx)];
}

const check = (state: DomainCheck['state'], code: DomainCode, record: string | null = null): DomainCheck => ({
  state,
  code,
  record,
});

function judgeSpf(txt: Looked): DomainCheck {
  if ('failed' in txt) return check('unknown', 'spf-unknown', txt.failed);
  const found = txt.records.filter((one) => /^v=spf1(?:\s|$)/i.test(one.trim()));
  const [record] = found;
  if (record === undefined) return check('bad', 'spf-missing');
  // RFC 7208 §4.5: more than one is an error, as if the domain were misconfigured.
  if (found.length > 1) return check('bad', 'spf-many', found.join(' | '));
  if (/\s\+?all(?:\s|$)/i.test(record)) return check('bad', 'spf-all', record);
  if (!/\s[-~]all(?:\s|$)/i.test(record) && !/\sredirect=/i.test(record)) return check('weak', 'spf-open', record);
  return check('good', 'spf-ok', record);
}

function judgeDkim(dkim: DomainRecords['dkim']): DomainCheck {
  const keys = dkim.flatMap(({ selector, found }) =>
    'failed' in found ? [] : found.records.filter((one) => /(?:^|;)\s*p=/.test(one)).map((one) => ({ selector, one })),
  );
  const good = keys.find(({ one }) => /(?:^|;)\s*p=\s*[A-Za-z0-9+/]/.test(one));
  if (good) return check('good', 'dkim-ok', good.selector);
  const [revoked] = keys;
  if (revoked) return check('bad', 'dkim-revoked', revoked.selector);
  const asked = dkim.find(({ found }) => !('failed' in found));
  // A selector can have any name: not found among the usual ones is no proof that there is none.
  return asked || dkim.length === 0 ? check('weak', 'dkim-missing') : check('unknown', 'dkim-unknown');
}

function judgeDmarc(dmarc: Looked): DomainCheck {
  if ('failed' in dmarc) return check('unknown', 'dmarc-unknown', dmarc.failed);
  const found = dmarc.records.filter((one) => /^v=DMARC1\s*(?:;|$)/i.test(one.trim()));
  const [record] = found;
  if (record === undefined) return check('bad', 'dmarc-missing');
  if (found.length > 1) return check('bad', 'dmarc-many', found.join(' | '));
  const policy = /;\s*p\s*=\s*(\w+)/i.exec(record)?.[1]?.toLowerCase();
  return policy === 'quarantine' || policy === 'reject'
    ? check('good', 'dmarc-ok', record)
    : check('weak', 'dmarc-none', record);
}

function judgeMx(mx: Looked): DomainCheck {
  if ('failed' in mx) return check('unknown', 'mx-unknown', mx.failed);
  return mx.records.some((host) => host !== '' && host !== '.')
    ? check('good', 'mx-ok', mx.records[0] ?? null)
    : check('weak', 'mx-missing');
}
