import { events, type LiveEvent } from '../contract/events.ts';
import { ceilingOf } from '../domain/access/reach.ts';
import type { Access } from '../domain/access/types.ts';
import type { Caller } from './platform/http/caller.ts';
import { route } from './platform/http/route.ts';
import type { App } from './platform/http/server.ts';
import type { Hub } from './platform/live/hub.ts';
import { streamEvents } from './platform/live/stream.ts';
import type { Log } from './platform/log.ts';

interface LiveDeps {
  hub: Hub;
  log: Log;
  workspace: string;
  accessOf: (caller: Caller) => Promise<Access>;
}

/** Live updates, each to those who may hear of it. Whoever is signed out or disabled meanwhile hears nothing more. */
export function liveRoute(app: App, { hub, log, workspace, accessOf }: LiveDeps): void {
  route(app, events.stream, async ({ request, reply }) => {
    await streamEvents(request, reply, (send) =>
      hub.subscribe(workspace, (event) => {
        // Asked each time: who calls and what he may are remembered for a moment.
        const tell = async (): Promise<void> => {
          const caller = await app.authenticate(request);
          if (!caller || caller.needsFactor) return void reply.raw.end();
          const heard = liveFor(event, await accessOf(caller), caller.actor);
          if (heard) send(heard);
        };
        tell().catch((error: unknown) => log.debug({ err: error }, 'live updates'));
      }),
    );
  });
}

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
