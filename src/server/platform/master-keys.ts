import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../../contract/errors.ts';

/** A data key with what it is for: bound in, so that a wrapped key moved elsewhere does not open there. */
export interface DataKey {
  /** 32 bytes. */
  key: Buffer;
  about: string;
}

export interface WrappedKey {
  wrapped: Buffer;
  about: string;
}

/**
 * Master keys: they wrap data keys and never leave here. A KMS or an HSM is put in by implementing this; it is asked for many keys at once, so that
 * one that answers over a network can put a key of its own in between.
 */
export interface MasterKeys {
  /** Keys come from outside: none can be made or destroyed here. */
  readonly given: boolean;
  /** Ids of the keys at hand, newest first; looks where they are kept, for another process may have added one. */
  ids(): Promise<readonly string[]>;
  /** In the order given. Throws `master-key-missing`. */
  wrap(id: string, keys: readonly DataKey[]): Promise<Buffer[]>;
  /** In the order given. Throws `master-key-missing`, or another error where what is wrapped was changed or moved. */
  unwrap(id: string, keys: readonly WrappedKey[]): Promise<Buffer[]>;
  /** A new key, from now on the newest. Throws `master-key-given` where keys are given from outside. @returns its id */
  make(): Promise<string>;
  /** Destroys a key. Nothing that it wraps can be opened again. */
  forget(id: string): Promise<void>;
}

const NONCE = 12;
const TAG = 16;

/** AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce: nonce, tag, key; 60 bytes. */
export function wrapKey(master: Buffer, { key, about }: DataKey): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', master, nonce).setAAD(Buffer.from(about));
  const body = Buffer.concat([cipher.update(key), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

export function unwrapKey(master: Buffer, { wrapped, about }: WrappedKey): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', master, wrapped.subarray(0, NONCE), { authTagLength: TAG })
    .setAAD(Buffer.from(about))
    .setAuthTag(wrapped.subarray(NONCE, NONCE + TAG));
  return Buffer.concat([decipher.update(wrapped.subarray(NONCE + TAG)), decipher.final()]);
}

/** What a master key is called: it tells nothing of the key. */
export const masterKeyId = (key: Buffer): string =>
  createHash('sha256').update('xianke master key ').update(key).digest('hex').slice(0, 12);

export interface MasterKeySource {
  dataDir: string;
  /** Keys themselves (XIANKE_MASTER_KEY): base64 of 32 bytes each, newest first, apart by commas or spaces. */
  given?: string | undefined;
  /** File with the same (XIANKE_MASTER_KEY_FILE): a mounted secret. */
  givenFile?: string | undefined;
}

/** Where master keys are, as the environment says. */
export const masterKeySource = (env: Record<string, string | undefined>): MasterKeySource => ({
  dataDir: resolve(env.DATA_DIR || './data'),
  given: env.XIANKE_MASTER_KEY || undefined,
  givenFile: env.XIANKE_MASTER_KEY_FILE || undefined,
});

/** Keys of the environment, or of DATA/master.keys (mode 0600), made at first need. Nothing is read before. */
export function openMasterKeys(source: MasterKeySource): MasterKeys {
  const path = join(source.dataDir, 'master.keys');
  const given = source.given !== undefined || source.givenFile !== undefined;
  let known = new Map<string, Buffer>();
  const look = (): Map<string, Buffer> => {
    const text = source.given ?? readIfThere(source.givenFile ?? path) ?? '';
    known = new Map(readKeys(text).map((key) => [masterKeyId(key), key]));
    return known;
  };
  const keyOf = (id: string): Buffer => {
    const key = known.get(id) ?? look().get(id);
    if (!key) throw new AppError('master-key-missing', { id });
    return key;
  };
  const own = (): void => {
    if (given) throw new AppError('master-key-given');
  };
  return {
    given,
    ids: async () => [...look().keys()],
    wrap: async (id, keys) => {
      const master = keyOf(id);
      return keys.map((key) => wrapKey(master, key));
    },
    unwrap: async (id, keys) => {
      const master = keyOf(id);
      return keys.map((key) => unwrapKey(master, key));
    },
    make: async () => {
      own();
      const key = randomBytes(32);
      save(path, [key, ...look().values()]);
      return masterKeyId(key);
    },
    forget: async (id) => {
      own();
      const keys = look();
      save(
        path,
        [...keys].filter(([other]) => other !== id).map(([, key]) => key),
      );
      keys.get(id)?.fill(0);
      keys.delete(id);
    },
  };
}

/** Throws where a key isn't 32 bytes: a key cut short must not pass for a weak one. */
function readKeys(text: string): Buffer[] {
  return text
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map((part) => {
      const key = Buffer.from(part, 'base64');
      if (key.length !== 32) throw new AppError('master-key-malformed');
      return key;
    });
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whole or not at all: written under another name, then put in place. */
function save(path: string, keys: readonly Buffer[]): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, `${keys.map((key) => key.toString('base64')).join('\n')}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    renameSync(draft, path);
    const directory = openSync(dirname(path), 'r');
    fsyncSync(directory);
    closeSync(directory);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
