import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportLog, openWitness, sealAll } from '../server/modules/audit/index.ts';
import { openKeys } from '../server/platform/keys.ts';
import { openSigner } from '../server/platform/signing.ts';
import { print } from './output.ts';
import { type Session, WORKSPACE, withSession } from './session.ts';

const signerOf = ({ config }: Session) => openSigner(openKeys(config.dataDir), 'audit log');

/** `xianke audit export FILE [--private]`: the whole log, for `xianke audit verify`. */
export function runAuditExport(file: string, options: { private?: boolean; json?: boolean }): Promise<number> {
  return withSession({}, async (session) => {
    const { db } = session.engine;
    const signer = signerOf(session);
    const body = { call: 'audit export', private: options.private ?? false };
    await session.engine.audit.append(WORKSPACE, { at: new Date(), actor: 'cli', source: 'cli', kind: 'export', body });
    await sealAll({ db, signer, witness: openWitness(session.config.dataDir), now: () => new Date() }, WORKSPACE);
    const lines = exportLog({ db, signer }, WORKSPACE, { privately: options.private ?? false });
    await pipeline(Readable.from(lines), createWriteStream(file, { mode: 0o600 }));
    print(options.json ?? false, { file, key: signer.publicKey }, () => `${file}\n${signer.publicKey}`);
    return 0;
  });
}

/** `xianke audit key`: the public key, to be kept where the operator can't change it. */
export function runAuditKey(options: { json?: boolean }): Promise<number> {
  return withSession({}, async (session) => {
    const key = signerOf(session).publicKey;
    print(options.json ?? false, { key }, () => key);
    return 0;
  });
}
