import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';
import { contactSource } from '../reminders/index.ts';
import { runScan, type ScanDeps } from './run-scan.ts';
import { newScan, runningScans } from './scan-store.ts';

/** Days without contact from which a customer counts as silent, where nobody said otherwise. */
export const SILENT_DAYS = 180;

/** What was asked for, and on the first night of each quarter customers and what hangs on them. */
export function scanJob(deps: ScanDeps & { workspaces: () => Promise<string[]> }) {
  return defineJob({
    name: 'scans.run',
    payload: z.object({ workspace: z.string().optional() }),
    schedule: { cron: '40 2 1 1,4,7,10 *' },
    apart: true,
    handler: async ({ payload, signal }) => {
      const workspaces = payload.workspace === undefined ? await deps.workspaces() : [payload.workspace];
      for (const workspace of workspaces) {
        if (payload.workspace === undefined) await askForAll(deps, workspace);
        for (const scan of await runningScans(deps.db, workspace)) await runScan(deps, workspace, scan, signal);
      }
    },
  });
}

async function askForAll(deps: ScanDeps, workspace: string): Promise<void> {
  const catalog = await deps.catalogs.get(workspace);
  const customer = contactSource(catalog)?.customer.name;
  for (const object of catalog.objects) {
    const scanned = object.name === customer || object.fields.some((field) => field.tracked && !field.retired);
    if (object.retired || object.appendOnly || !scanned) continue;
    await newScan(deps.db, workspace, { object: object.name, at: deps.now(), by: null, silentDays: SILENT_DAYS });
  }
}
