import sql from 'sql-template-tag';
import { tableOf } from '../../records/catalog/names.ts';
import { findRecipient } from './ask-store.ts';
import type { AskingDeps } from './deps.ts';

/** He found his link expired and wants another: the one who asked is told, once. Links that are unknown, used or revoked do nothing. */
export async function wantNewLink(deps: AskingDeps, workspace: string, token: string): Promise<void> {
  const link = await deps.links.find(deps.db, workspace, token);
  const now = deps.now();
  if (!link || link.expires_at > now || link.state === 'answered' || link.state === 'revoked') return;
  const found = await findRecipient(deps.db, workspace, link.recipient);
  if (!found) return;
  const { ask, person } = found;
  await deps.db.tx(async (tx) => {
    await tx.query(sql`update ${tableOf(workspace, 'ask_recipient')} set wants_link_at = ${now}
      where id = ${person.id} and wants_link_at is null`);
    await deps.notify(tx, workspace, {
      account: ask.made_by,
      cause: `ask-wants-link:${person.id}:${ask.expires_at.getTime()}`,
      kind: 'ask-wants-link',
      params: { name: person.name },
      object: ask.object,
      record: ask.record,
    });
  });
}
