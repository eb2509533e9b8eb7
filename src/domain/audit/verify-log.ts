import { type AuditEntry, commit, headBytes, leafBytes, type PrivatePart, type SignedHead, toBase64 } from './entry.ts';
import { EMPTY, type Frontier, frontierRoot, grow, type Hash, hashLeaf } from './tree.ts';

/** One line of an exported log. Heads stand behind the last entry that they cover. */
export type LogLine =
  | { type: 'log'; format: 1; log: string; key: string }
  | ({ type: 'entry'; leaf: number; hash: string; private?: PrivatePart } & AuditEntry)
  | ({ type: 'head' } & SignedHead)
  | { type: 'end'; size: number };

/** What a verifier is given from outside. */
export interface VerifyTools {
  hash: Hash;
  /** Ed25519 with the key that is trusted, which is never taken from the log. */
  verifySignature(bytes: Uint8Array, signature: string): boolean;
}

export type FaultCode =
  | 'entry-missing'
  | 'entry-surplus'
  | 'entry-changed'
  | 'private-changed'
  | 'head-signature'
  | 'head-differs'
  | 'head-beyond'
  | 'fork'
  | 'uncovered'
  | 'unreadable';

export interface Fault {
  code: FaultCode;
  /** First entry that is wrong; where only a range can be told, `to` is the last that may be. */
  leaf: number;
  to?: number;
  id?: string;
}

/** Where a verification stands: with it another goes on from here. */
export interface Standing {
  frontier: Frontier;
  /** Leaves that a head with a right signature and root covers. */
  proven: number;
  heads: number;
}

export const START: Standing = { frontier: EMPTY, proven: 0, heads: 0 };

export interface Verifier {
  /** The first fault, or null. After a fault there is nothing more to learn. */
  take(line: Extract<LogLine, { type: 'entry' | 'head' }>): Fault | null;
  /** Every entry must be under a head. */
  finish(size: number): Fault | null;
  standing(): Standing;
}

/**
 * Goes through a log once: every entry is hashed anew, every head must be signed and have the root of the entries before it. Heads that
 * agree with one list of entries are consistent with each other, so no proof between them is needed.
 */
export function createVerifier(log: string, tools: VerifyTools, from: Standing = START): Verifier {
  let { frontier, proven, heads } = from;
  let last: SignedHead | null = null;
  const range = (code: FaultCode, end: number): Fault => {
    const to = Math.max(proven, end - 1);
    return { code, leaf: proven, ...(to > proven && { to }) };
  };

  function takeEntry(line: Extract<LogLine, { type: 'entry' }>): Fault | null {
    const place = frontier.size;
    if (line.leaf > place) return { code: 'entry-missing', leaf: place };
    if (line.leaf < place) return { code: 'entry-surplus', leaf: line.leaf, id: line.id };
    const hashed = hashLeaf(tools.hash, leafBytes(log, line));
    if (toBase64(hashed) !== line.hash) return { code: 'entry-changed', leaf: place, id: line.id };
    if (line.private && (line.commitment === null || commit(tools.hash, line.private) !== line.commitment))
      return { code: 'private-changed', leaf: place, id: line.id };
    frontier = grow(tools.hash, frontier, hashed);
    return null;
  }

  function takeHead(head: SignedHead): Fault | null {
    if (!tools.verifySignature(headBytes(log, head), head.signature)) return range('head-signature', head.size);
    if (last && last.size === head.size && last.root !== head.root) return range('fork', head.size);
    if (head.size > frontier.size) return { code: 'entry-missing', leaf: frontier.size };
    if (head.size < frontier.size) return range('head-beyond', head.size);
    if (toBase64(frontierRoot(tools.hash, frontier)) !== head.root) return range('head-differs', head.size);
    last = head;
    proven = head.size;
    heads += 1;
    return null;
  }

  return {
    take: (line) => {
      try {
        return line.type === 'entry' ? takeEntry(line) : takeHead(line);
      } catch {
        // A value that no entry has: a number with a fraction, what is no text.
        return { code: 'unreadable', leaf: frontier.size };
      }
    },
    finish: (size) => {
      if (size > frontier.size) return { code: 'entry-missing', leaf: frontier.size };
      if (size < frontier.size) return { code: 'entry-surplus', leaf: size };
      return proven < size ? range('uncovered', size) : null;
    },
    standing: () => ({ frontier, proven, heads }),
  };
}
