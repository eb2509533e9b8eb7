import type { LogLine } from '../../../domain/audit/index.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import type { Signer } from '../../platform/signing.ts';
import { logLines, logState } from './read-log.ts';

/** The whole log as lines of JSON, for `xianke audit verify` and other verifiers. Private parts stay here unless they are asked for. */
export async function* exportLog(
  { db, signer }: { db: Queryable; signer: Pick<Signer, 'publicKey'> },
  workspace: string,
  options: { privately?: boolean } = {},
): AsyncGenerator<string> {
  const { log } = await logState(db, workspace);
  const write = (line: LogLine): string => `${JSON.stringify(line)}\n`;
  yield write({ type: 'log', format: 1, log, key: signer.publicKey });
  let size = 0;
  for await (const lines of logLines(db, workspace, options)) {
    for (const line of lines) if (line.type === 'entry') size = line.leaf + 1;
    yield lines.map(write).join('');
  }
  yield write({ type: 'end', size: Math.max(size, (await logState(db, workspace)).size) });
}
