import type { Tx } from '../../platform/postgres/db.ts';
import type { ReminderDeps } from './deps.ts';

/** Tells every webhook of an event, in the transaction that caused it. */
export async function putEvent(
  deps: ReminderDeps,
  tx: Tx,
  workspace: string,
  cause: string,
  type: string,
  facts: Record<string, unknown>,
): Promise<void> {
  for (const channel of await deps.channels.list(workspace))
    if (channel.kind === 'webhook' && channel.enabled)
      await deps.outbox.put(tx, workspace, {
        channel: channel.id,
        cause: `${channel.id}:${cause}`,
        recipient: channel.name,
        content: { type, timestamp: deps.now().toISOString(), data: facts },
      });
}
