import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import {
  createVerifier,
  type Fault,
  faultSentence,
  fromBase64,
  hashLeaf,
  headBytes,
  type LogLine,
  leafBytes,
  type SignedHead,
  type Verifier,
  type VerifyTools,
  verifyInclusion,
} from '../domain/audit/index.ts';
import { isSignedBy, readPublicKey, sha256 } from '../server/platform/signing.ts';
import { print } from './output.ts';
import { languageOf } from './session.ts';

interface Options {
  /** The public key, base64 or PEM, or a file that holds it. Never taken from the log: whoever forges one forges the other. */
  key: string;
  /** Files with heads that were given out earlier. */
  head?: string[];
  json?: boolean;
}

/** `xianke audit verify FILE --key KEY`: an exported log, or the proof of one entry, without a database. Exit code 1 when it doesn't hold. */
export async function runAuditVerify(file: string, options: Options): Promise<number> {
  const lang = languageOf(process.env);
  const key = keyOf(options.key);
  if (!key || !existsSync(file)) {
    process.stderr.write(`${key ? NO_FILE[lang] : NO_KEY[lang]}\n`);
    return 2;
  }
  const tools: VerifyTools = { hash: sha256, verifySignature: (bytes, signature) => isSignedBy(key, bytes, signature) };
  const given = (options.head ?? []).flatMap(readHeads).sort((a, b) => a.size - b.size);
  const { fault, entries, heads } = await verifyFile(file, tools, given);
  const message = fault
    ? faultSentence(fault)[lang]
    : lang === 'zh'
      ? `完好：${entries} 条记录，${heads} 个签名树头，外加 ${given.length} 个另外给出的树头。`
      : `Sound: ${entries} entries, ${heads} signed heads, and ${given.length} heads given besides.`;
  print(options.json ?? false, { ok: fault === null, entries, heads, fault, message }, () => message);
  return fault ? 1 : 0;
}

const NO_FILE = { zh: '没有这个文件。', en: 'There is no such file.' };
const NO_KEY = {
  zh: '公钥读不出来：应为 Ed25519 公钥（base64 或 PEM），或存有它的文件。',
  en: 'The key can’t be read: give an Ed25519 public key (base64 or PEM), or a file that holds one.',
};

function keyOf(text: string): ReturnType<typeof readPublicKey> | null {
  try {
    return readPublicKey(existsSync(text) ? readFileSync(text, 'utf8') : text);
  } catch {
    return null;
  }
}

interface Result {
  fault: Fault | null;
  entries: number;
  heads: number;
}

async function verifyFile(file: string, tools: VerifyTools, given: SignedHead[]): Promise<Result> {
  let verifier: Verifier | undefined;
  let size: number | undefined;
  const waiting = [...given];
  const result = (fault: Fault | null): Result => {
    const standing = verifier?.standing();
    return {
      fault,
      entries: standing?.frontier.size ?? 0,
      heads: (standing?.heads ?? 0) - given.length + waiting.length,
    };
  };
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    if (text.trim() === '') continue;
    const line = read(text);
    if (line?.type === 'proof') return verifyProof(line, tools);
    if (line?.type === 'log') verifier = createVerifier(line.log, tools);
    else if (line?.type === 'end') size = line.size;
    else if (!verifier || !line || (line.type !== 'entry' && line.type !== 'head'))
      return result({ code: 'unreadable', leaf: verifier?.standing().frontier.size ?? 0 });
    else {
      const fault = verifier.take(line) ?? takeGiven(verifier, waiting);
      if (fault) return result(fault);
    }
  }
  if (!verifier) return result({ code: 'unreadable', leaf: 0 });
  // A file without its last line was cut off; a head given besides may be of a longer log.
  const reached = verifier.standing().frontier.size;
  return result(verifier.finish(Math.max(size ?? reached + 1, ...waiting.map((head) => head.size))));
}

/** Heads of other sources, at the entry where they belong. */
function takeGiven(verifier: Verifier, waiting: SignedHead[]): Fault | null {
  for (;;) {
    const [head] = waiting;
    if (!head || head.size > verifier.standing().frontier.size) return null;
    waiting.shift();
    const fault = verifier.take({ type: 'head', ...head });
    if (fault) return fault.code === 'head-differs' ? { ...fault, code: 'fork' } : fault;
  }
}

interface ProofFile {
  type: 'proof';
  log: string;
  leaf: number;
  entry: Parameters<typeof leafBytes>[1];
  head: SignedHead;
  path: string[];
}

function verifyProof({ log, leaf, entry, head, path }: ProofFile, tools: VerifyTools): Result {
  const result = (fault: Fault | null): Result => ({ fault, entries: 1, heads: 1 });
  if (!tools.verifySignature(headBytes(log, head), head.signature)) return result({ code: 'head-signature', leaf });
  const proof = { index: leaf, size: head.size, path: path.map(fromBase64), root: fromBase64(head.root) };
  const holds = verifyInclusion(tools.hash, { ...proof, leaf: hashLeaf(tools.hash, leafBytes(log, entry)) });
  return result(holds ? null : { code: 'entry-changed', leaf, id: entry.id });
}

function read(text: string): LogLine | ProofFile | null {
  try {
    return JSON.parse(text) as LogLine | ProofFile;
  } catch {
    return null;
  }
}

/** One head, a list of heads, an answer of the API that holds them, or the body of a webhook. */
function readHeads(file: string): SignedHead[] {
  const held = JSON.parse(readFileSync(file, 'utf8')) as
    | SignedHead
    | SignedHead[]
    | { heads: SignedHead[] }
    | { data: SignedHead };
  if (Array.isArray(held)) return held;
  if ('data' in held) return [held.data];
  return 'heads' in held ? held.heads : [held];
}
