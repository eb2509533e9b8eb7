import { Resolver } from 'node:dns/promises';
import { type DomainCheck, judgeDomain, type Looked } from '../../../domain/campaigns/index.ts';
import type { CampaignDeps } from './deps.ts';

/** Asks name servers; throws errors with the codes of node:dns. */
export interface Names {
  txt(name: string): Promise<string[]>;
  mx(name: string): Promise<string[]>;
  /** Whether the names of the internet can be asked at all: some networks answer that there is nothing, whatever one asks. */
  online(): Promise<boolean>;
}

/** Where providers usually put their keys; a domain's own name for it can be given. */
const SELECTORS = ['default', 'mail', 'dkim', 's1', 's2', 'selector1', 'selector2', 'google', 'k1'];
const PATIENCE = 2_500;

/** The name servers of this machine. */
export function systemNames(): Names {
  const resolver = new Resolver({ timeout: PATIENCE, tries: 1 });
  return {
    txt: async (name) => (await resolver.resolveTxt(name)).map((pieces) => pieces.join('')),
    mx: async (name) => (await resolver.resolveMx(name)).map(({ exchange }) => exchange),
    // The root has name servers wherever there is an internet (RFC 1034).
    online: () =>
      resolver.resolveNs('.').then(
        (servers) => servers.length > 0,
        () => false,
      ),
  };
}

/** Whether receivers can tell that mail of our sender is from us. Without the internet each part says that it could not be asked. */
export async function lookAtSender(
  { channels, resolver }: Pick<CampaignDeps, 'channels'> & { resolver: Names },
  workspace: string,
  selector: string | undefined,
): Promise<{ from: string | null; domain: string | null; checks: DomainCheck[] }> {
  const mail = await channels.find(workspace, 'mail');
  const from = typeof mail?.settings.from === 'string' ? mail.settings.from : null;
  const domain = from?.split('@')[1]?.toLowerCase() ?? null;
  if (domain === null) return { from, domain, checks: [] };
  if (!(await resolver.online())) {
    const failed = { failed: 'offline' };
    return {
      from,
      domain,
      checks: judgeDomain({ txt: failed, dmarc: failed, mx: failed, dkim: [{ selector: '', found: failed }] }),
    };
  }
  const selectors = selector === undefined ? SELECTORS : [selector];
  const [txt, dmarc, mx, ...dkim] = await Promise.all([
    ask(() => resolver.txt(domain)),
    dmarcOf(resolver, domain),
    ask(() => resolver.mx(domain)),
    ...selectors.map(async (one) => ({
      selector: one,
      found: await ask(() => resolver.txt(`${one}._domainkey.${domain}`)),
    })),
  ]);
  return { from, domain, checks: judgeDomain({ txt, dmarc, mx, dkim }) };
}

/** RFC 7489 §6.6.3: the record of the domain, or else that of the one above it. */
async function dmarcOf(resolver: Names, domain: string): Promise<Looked> {
  const own = await ask(() => resolver.txt(`_dmarc.${domain}`));
  const above = domain.split('.').slice(1).join('.');
  if ('failed' in own || own.records.length > 0 || !above.includes('.')) return own;
  return ask(() => resolver.txt(`_dmarc.${above}`));
}

/** No such name, or nothing of that kind: an answer. Anything else is none. */
async function ask(look: () => Promise<string[]>): Promise<Looked> {
  try {
    return { records: await look() };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    return code === 'ENOTFOUND' || code === 'ENODATA' ? { records: [] } : { failed: code };
  }
}
