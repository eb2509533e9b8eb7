import { createHash } from 'node:crypto';
import sql from 'sql-template-tag';
import type { Db } from '../../platform/postgres/db.ts';

/** Longer than a code is good for: 30 seconds, and the step before and after. */
const KEEP_SECONDS = 180;

/**
 * Takes a code of the authenticator app for itself. false: it was given before, in another request or at this very moment (RFC 6238 §5.2: a code is
 * accepted once; ASVS 5.0 6.5.1). Taken before it is looked at, so that of twenty at once one goes on.
 */
export async function claimCode(db: Db, account: string, code: string): Promise<boolean> {
  const hash = createHash('sha256')
    .update(JSON.stringify([account, code]))
    .digest();
  await db.query(sql`delete from auth.used_code where account = ${account}
    and at < now() - make_interval(secs => ${KEEP_SECONDS})`);
  const taken = await db.query(sql`insert into auth.used_code (account, hash) values (${account}, ${hash})
    on conflict do nothing returning 1`);
  return taken.length > 0;
}
