import type { LiveEvent } from '../contract/events.ts';
import { ceilingOf } from '../domain/access/reach.ts';
import type { Access } from '../domain/access/types.ts';

/**
 * An event as one reader may hear it; null when it is not for him. Which records changed, by whom and in which fields is told
 * only to those who see all rows of the object; others hear that something did, and what they refetch goes through the read door.
 */
export function liveFor(event: LiveEvent, access: Access, actor: string): LiveEvent | null {
  if (event.type !== 'changed' || access.admin) return event;
  const own = access.objects[event.object];
  if (!own || own.rows === false) return null;
  const fields = event.fields?.filter((name) => ceilingOf(own, name) !== 'hidden') ?? null;
  // Nothing of what changed is there for him.
  if (event.fields && event.fields.length > 0 && fields?.length === 0) return null;
  if (own.rows === true) return { ...event, fields };
  if (event.actor === actor) return { ...event, fields };
  const { actorName: _, ...rest } = event;
  return { ...rest, ids: null, fields: null, actor: '' };
}
