import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import type { Hash } from '../../domain/audit/index.ts';
import type { Keys } from './keys.ts';

export const sha256: Hash = (bytes) => hash('sha256', bytes, 'buffer');

/** Signs with an Ed25519 key (RFC 8032) of this installation. */
export interface Signer {
  /** DER of SubjectPublicKeyInfo (RFC 8410), base64. */
  publicKey: string;
  /** base64. */
  sign(bytes: Uint8Array): string;
}

/** PKCS #8 of an Ed25519 key up to its 32 bytes: RFC 8410 §7. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The key for one purpose. It comes out of DATA/secret.key, so it is outside the database and in the same backup. */
export function openSigner(keys: Keys, purpose: string): Signer {
  const secret = createPrivateKey({
    key: Buffer.concat([PKCS8, keys.derive(purpose)]),
    format: 'der',
    type: 'pkcs8',
  });
  return {
    publicKey: createPublicKey(secret).export({ format: 'der', type: 'spki' }).toString('base64'),
    sign: (bytes) => sign(null, bytes, secret).toString('base64'),
  };
}

/** A public key out of PEM or of base64 DER. Throws on anything else. */
export function readPublicKey(text: string): KeyObject {
  const trimmed = text.trim();
  const key = trimmed.startsWith('-----')
    ? createPublicKey(trimmed)
    : createPublicKey({ key: Buffer.from(trimmed, 'base64'), format: 'der', type: 'spki' });
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('not an Ed25519 key');
  return key;
}

/** `signature` is base64. */
export function isSignedBy(key: KeyObject, bytes: Uint8Array, signature: string): boolean {
  const raw = Buffer.from(signature, 'base64');
  return raw.length === 64 && verify(null, bytes, key, raw);
}
