import type { Engine } from './engine.ts';
import { accessFor } from './modules/access/index.ts';
import {
  type CampaignRouteDeps,
  campaignRoutes,
  campaignsJob,
  createLetterTokens,
  letterRoutes,
  performCampaign,
  systemNames,
  tellEvidenceJob,
  WORK,
} from './modules/campaigns/index.ts';
import type { MakeCtx } from './modules/edge.ts';
import { isQuietNow } from './modules/reminders/index.ts';
import type { openOutgoing } from './outgoing.ts';
import type { App } from './platform/http/server.ts';
import type { Keys } from './platform/keys.ts';
import type { Db, Tx } from './platform/postgres/db.ts';
import type { Queue } from './platform/queue/queue.ts';

export interface CampaigningOptions {
  engine: Engine;
  outgoing: Pick<ReturnType<typeof openOutgoing>, 'channels' | 'outbox'>;
  keys: Keys;
  workspace: string;
  workspaces: () => Promise<string[]>;
  /** Of a workspace, for its quiet hours. */
  timeZone: (workspace: string) => Promise<string>;
  firm: (workspace: string) => Promise<string>;
  publicUrl: string | undefined;
  queue: () => Queue;
}

/** Segments and campaigns, put together. */
export function openCampaigning(options: CampaigningOptions) {
  const { engine, outgoing, keys, workspace, workspaces, timeZone, firm, publicUrl, queue } = options;
  const now = () => new Date();
  const deps: Omit<CampaignRouteDeps, 'ctxOf'> = {
    ...engine,
    ...outgoing,
    accessFor,
    firm,
    publicUrl,
    now,
    tokens: createLetterTokens(keys.derive('campaign letters')),
    resolver: systemNames(),
    erasedAmong: (on, of, type, values) => engine.erased.among(on, of, type, values),
    isQuiet: async (of) => isQuietNow({ db: engine.db, now }, of, await timeZone(of)),
    workSoon: async (on: Db | Tx) => void (await queue().enqueue(on, WORK, {}, { key: 'woken' })),
  };
  return {
    jobs: [campaignsJob({ ...deps, workspaces }), tellEvidenceJob({ ...deps, workspaces })],
    /** Begins a campaign that a second person agreed to. */
    perform: performCampaign(deps),
    routes(app: App, ctxOf: MakeCtx): void {
      campaignRoutes(app, { ...deps, ctxOf });
      letterRoutes(app, { ...deps, workspace });
    },
  };
}
