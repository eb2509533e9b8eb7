import { v7 as uuid } from 'uuid';
import type { Lang } from '../../../domain/issue.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import type { Identity } from './identity.ts';
import { letter } from './letters.ts';

interface To {
  id: string;
  name: string;
  email: string;
}

/** Tells somebody by mail that his password or a second factor is another now, so that he notices when it was not him (ASVS 5.0 6.3.7). */
export async function tellOfChange(
  { post, firm }: Identity,
  tx: Tx,
  what: 'changed' | 'factors',
  to: To,
  lang: Lang,
): Promise<void> {
  if (!(await post.ready())) return;
  await post.put(tx, letter(what, lang, await firm(), to, { cause: `${what}:${to.id}:${uuid()}` }));
}

/** The same after the reply, for what the library changed in a transaction of its own. */
export function tellOfFactors(identity: Identity, to: To, lang: Lang): void {
  identity.later(() => identity.db.tx((tx) => tellOfChange(identity, tx, 'factors', to, lang)));
}
