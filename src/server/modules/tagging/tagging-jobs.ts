import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';
import type { JobCall } from '../../platform/queue/queue.ts';
import { outboxWaits, passBy } from '../freshness/index.ts';
import { advanceRun } from './advance-run.ts';
import { type AdviseDeps, adviseTags } from './advise-tags.ts';
import { applyTags } from './apply-tags.ts';
import type { TagDeps } from './deps.ts';
import { expireTags } from './expire-tags.ts';
import { FOLLOWER, type FollowDeps, followTexts } from './follow-texts.ts';
import { hasMentions } from './mention-store.ts';
import { openRuns } from './run-store.ts';

interface Workspaces {
  workspaces(): Promise<string[]>;
}

const nothing = z.object({});

/** What was heard is acted on by this job; the one that hears runs elsewhere and needs no more than its name. */
export const APPLY_TAGS = { name: 'tagging.apply', payload: nothing } satisfies JobCall;

/** Reads what was written: woken by commits, and each minute for those of other processes. */
export function followTextsJob(deps: FollowDeps & Workspaces) {
  return defineJob({
    name: 'tagging.follow',
    payload: nothing,
    schedule: { cron: '* * * * *' },
    apart: true,
    due: async () => {
      for (const workspace of await deps.workspaces()) {
        const { dictionary } = await deps.tags.latest(deps.db, workspace);
        // Where texts never set a tag there is nobody to take one away either.
        if (!dictionary.on && !(await hasMentions(deps.db, workspace))) await passBy(deps.db, workspace, FOLLOWER);
        else if (await outboxWaits(deps.db, workspace, FOLLOWER)) return true;
      }
      return false;
    },
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces())
        while (!signal.aborted && (await followTexts(deps, workspace))) {
          // Portion by portion until nothing is left.
        }
    },
  });
}

export function applyTagsJob(deps: TagDeps & Workspaces) {
  return defineJob({
    ...APPLY_TAGS,
    schedule: { cron: '* * * * *' },
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces())
        while (!signal.aborted && (await applyTags(deps, workspace)) > 0) {
          // Customer by customer until nothing is left.
        }
    },
  });
}

/** Asks the language model about what was written, where one is set up. */
export function adviseTagsJob(deps: AdviseDeps & Workspaces) {
  return defineJob({
    name: 'tagging.advise',
    payload: nothing,
    schedule: { cron: '* * * * *' },
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces())
        while (!signal.aborted && (await adviseTags(deps, workspace, signal)) > 0) {
          // Text by text until nothing waits.
        }
    },
  });
}

/** Ends tags whose time is over. */
export function expireTagsJob(deps: TagDeps & Workspaces) {
  return defineJob({
    name: 'tagging.expire',
    payload: nothing,
    schedule: { cron: '20 4 * * *' },
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces()) await expireTags(deps, workspace, signal);
    },
  });
}

/** Looks through all texts, and sets what was agreed to. */
export function tagRunsJob(deps: TagDeps & Workspaces) {
  return defineJob({
    name: 'tagging.runs',
    payload: nothing,
    schedule: { cron: '* * * * *' },
    apart: true,
    due: async () => {
      for (const workspace of await deps.workspaces()) if ((await openRuns(deps.db, workspace)).length > 0) return true;
      return false;
    },
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces())
        for (const id of await openRuns(deps.db, workspace)) await advanceRun(deps, workspace, id, signal);
    },
  });
}
