import { resolve } from 'node:path';
import { backUp, checkBackup, keysBeside, restore } from '../server/backups.ts';
import { finishErasures } from '../server/modules/privacy/index.ts';
import { openOutgoing } from '../server/outgoing.ts';
import { openBackupKey, readBackupKey } from '../server/platform/backup/backup-key.ts';
import { readConfig } from '../server/platform/config.ts';
import { openFiles } from '../server/platform/files/files.ts';
import { openKeys } from '../server/platform/keys.ts';
import { createLog } from '../server/platform/log.ts';
import { connect } from '../server/platform/postgres/connect.ts';
import { print } from './output.ts';
import { languageOf, WORKSPACE, withSession } from './session.ts';

interface Common {
  json?: boolean;
}

/** `xianke backup --to DIR`: everything, sealed, of one moment; the server may go on running. */
export function runBackup(options: Common & { to: string; keep?: string }): Promise<number> {
  return withSession({}, async ({ engine, config, lang, ctx }) => {
    const { key, made } = openBackupKey(config.backups.key);
    const { at, actor, source } = await ctx();
    const done = await backUp(engine.db, {
      directory: resolve(options.to),
      dataDir: config.dataDir,
      ...{ key, at, keep: options.keep === undefined ? undefined : Number(options.keep) },
    });
    await engine.audit.append(WORKSPACE, {
      ...{ at, actor, source, kind: 'admin' },
      body: { call: 'xianke backup', rows: done.rows, files: done.files },
    });
    print(options.json ?? false, { ...done, madeKey: made }, () =>
      lang === 'zh'
        ? `已备份到 ${done.path}（${megabytes(done.bytes)}，${done.rows} 行，${done.files} 个文件），并已读回核对。\n密钥文件 ${done.keys} 只保留最新的一份。${made ? `\n请把 ${made} 和 master.keys 另存到别处：没有它们，备份打不开。` : ''}`
        : `Backed up to ${done.path} (${megabytes(done.bytes)}, ${done.rows} rows, ${done.files} files), read back and checked.\nOf ${done.keys} only the newest is kept.${made ? `\nKeep ${made} and master.keys somewhere else: no backup opens without them.` : ''}`,
    );
    return 0;
  });
}

/** `xianke backup verify FILE`: reads it to its end without restoring anything. Needs the key only. */
export async function runBackupVerify(file: string, options: Common): Promise<number> {
  const key = readBackupKey(readConfig(process.env).backups.key);
  const found = await checkBackup(resolve(file), key);
  print(options.json ?? false, found, () =>
    languageOf(process.env) === 'zh'
      ? `完好：${found.rows} 行，${found.files} 个文件。${found.keys ? '密钥文件也完好。' : '旁边没有密钥文件：恢复后加密的值打不开。'}`
      : `Whole: ${found.rows} rows, ${found.files} files. ${found.keys ? 'So is the file of keys.' : 'There is no file of keys beside it: encrypted values would stay closed.'}`,
  );
  return 0;
}

/** `xianke restore FILE`: into an empty data directory. Who was erased since is erased again before anybody can look. */
export async function runRestore(
  file: string,
  options: Common & { keysFile?: string; withoutKeys?: boolean },
): Promise<number> {
  const path = resolve(file);
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  const key = readBackupKey(config.backups.key);
  const connection = await connect({ ...config, log, poolSize: 4 });
  const keys = options.withoutKeys ? null : resolve(options.keysFile ?? keysBeside(path));
  const done = await restore(connection.db, { path, keys, dataDir: config.dataDir, key }).finally(() =>
    connection.close(),
  );
  return withSession({}, async ({ engine, lang, ctx }) => {
    const { outbox } = openOutgoing({
      ...{ db: engine.db, log, keys: openKeys(config.dataDir), allowPrivate: false },
      wake: async () => undefined,
    });
    const erased = await finishErasures(
      {
        ...engine,
        files: openFiles(engine.db, config.dataDir, config.uploadLimit),
        recallMessages: outbox.recall,
        now: () => new Date(),
      },
      WORKSPACE,
    );
    const { at, actor, source } = await ctx();
    await engine.audit.append(WORKSPACE, {
      ...{ at, actor, source, kind: 'admin' },
      body: { call: 'xianke restore', rows: done.rows, files: done.files, erasures: erased },
    });
    print(options.json ?? false, { ...done, erasures: erased }, () =>
      lang === 'zh'
        ? `已恢复 ${done.rows} 行，${done.files} 个文件。${erased > 0 ? `备份之后的 ${erased} 次抹除已重新执行。` : ''}`
        : `Restored ${done.rows} rows and ${done.files} files.${erased > 0 ? ` ${erased} erasures made since were done again.` : ''}`,
    );
    return 0;
  });
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
