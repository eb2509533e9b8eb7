import { parentPort, workerData } from 'node:worker_threads';
import { asTableError, type TableOptions } from '../server/platform/tabular/open-table.ts';
import { type CheckResult, checkFile } from './check-file.ts';

/** Entry of the thread in which `xianke check` reads, so that even a loop that never yields can be stopped with a sentence. */
export type CheckReply = { result: CheckResult } | { failed: { code: string; zh: string; en: string } };

const { path, options } = workerData as { path: string; options: TableOptions };
checkFile(path, options).then(
  (result) => parentPort?.postMessage({ result } satisfies CheckReply),
  (error: unknown) => {
    const { code, text } = asTableError(error);
    parentPort?.postMessage({ failed: { code, ...text } } satisfies CheckReply);
  },
);
