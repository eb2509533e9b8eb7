import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { standardEmail } from './accounts.ts';
import { removeFactors } from './factors.ts';
import { linkPath } from './letters.ts';
import { makeLink } from './links.ts';

/**
 * For whoever has the machine, when no administrator can get in any more: a link for a new password, and, if asked, without the second factors.
 * @returns path of the link, and until when it is good
 */
export function rescue(
  db: Db,
  email: string,
  options: { factors: boolean },
): Promise<{ account: string; path: string; expiresAt: string }> {
  return db.tx(async (tx) => {
    const [person] = await tx.query<{ id: string }>(
      sql`select id from auth."user" where email = ${standardEmail(email)} and not disabled`,
    );
    if (!person) throw new AppError('not-found');
    if (options.factors) await removeFactors(tx, person.id);
    const link = await makeLink(tx, person.id, 'reset', 'cli');
    return { account: person.id, path: linkPath(link), expiresAt: link.expiresAt };
  });
}
