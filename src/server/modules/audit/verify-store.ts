import { createVerifier, type Fault, START, type Standing } from '../../../domain/audit/index.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { isSignedBy, readPublicKey, type Signer, sha256 } from '../../platform/signing.ts';
import { logLines, logState } from './read-log.ts';
import type { Witness } from './witness.ts';

export interface VerifyDeps {
  db: Queryable;
  signer: Pick<Signer, 'publicKey'>;
  witness: Pick<Witness, 'get'>;
}

export interface Verdict {
  standing: Standing;
  size: number;
  fault: Fault | null;
  /** All of the log was gone through. */
  done: boolean;
}

/**
 * Goes through the log as it stands in the database, from where an earlier call stopped, for as long as it may. The head kept beside the
 * database is the last word on how long the log must be.
 */
export async function verifyStore(
  { db, signer, witness }: VerifyDeps,
  workspace: string,
  from: Standing = START,
  milliseconds = 5_000,
): Promise<Verdict> {
  const { log, size } = await logState(db, workspace);
  const key = readPublicKey(signer.publicKey);
  const tools = {
    hash: sha256,
    verifySignature: (bytes: Uint8Array, signature: string) => isSignedBy(key, bytes, signature),
  };
  const verifier = createVerifier(log, tools, from);
  const until = performance.now() + milliseconds;
  const answer = (fault: Fault | null, done: boolean): Verdict => ({
    standing: verifier.standing(),
    size,
    fault,
    done,
  });
  const kept = witness.get(log);
  for await (const lines of logLines(db, workspace, { from: from.frontier.size, privately: true })) {
    for (const line of lines) {
      const fault = verifier.take(line);
      if (fault) return answer(fault, true);
      const { frontier } = verifier.standing();
      if (kept && line.type === 'entry' && frontier.size === kept.size) {
        const other = verifier.take({ type: 'head', ...kept });
        if (other) return answer({ ...other, code: other.code === 'head-differs' ? 'fork' : other.code }, true);
      }
    }
    // Sealing goes on meanwhile: what came since is for the next time.
    if (performance.now() > until) return answer(null, false);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const reached = verifier.standing().frontier.size;
  // More than was there at first: entries sealed while this was read.
  return answer(
    verifier.finish(Math.max(size, kept?.size ?? 0, Math.min(reached, (await logState(db, workspace)).size))),
    true,
  );
}
