import { StartError } from '../start-error.ts';

export const damaged = (): StartError =>
  new StartError('backup-damaged', {
    zh: '备份文件不完整或被改动过，什么都没有恢复。请换一份备份。',
    en: 'The backup is damaged or was changed; nothing was restored. Use another one.',
  });

export const otherKey = (id: string): StartError =>
  new StartError('backup-key-other', {
    zh: `这份备份要用另一把密钥打开（编号 ${id}）。请用 XIANKE_BACKUP_KEY_FILE 指定当时的 backup.key。`,
    en: `This backup opens with another key (${id}). Name the backup.key of that time in XIANKE_BACKUP_KEY_FILE.`,
  });

export const unknownThing = (name: string): StartError =>
  new StartError('backup-unknown', {
    zh: `数据库里有不是本程序建立的东西（${name}），备份会不完整。请把它移到别的 schema。`,
    en: `The database holds something that this program did not make (${name}), so a backup would not be complete. Move it to another schema.`,
  });

export const notEmpty = (): StartError =>
  new StartError('restore-not-empty', {
    zh: '这个数据库已经有数据。请恢复到空的数据目录（DATA_DIR=新目录）或空的数据库。',
    en: 'This database is in use. Restore into an empty data directory (DATA_DIR=…) or an empty database.',
  });

export const keysMissing = (path: string): StartError =>
  new StartError('restore-keys-missing', {
    zh: `没有找到 ${path}：它有加密字段的密钥，以及备份之后被抹除的人。请放回，或用 --without-keys 明确放弃（加密的值将打不开，之后抹除的人会重新出现）。`,
    en: `${path} is not there: it has the keys of encrypted fields and who was erased since. Put it back, or say --without-keys (encrypted values stay closed, and people erased since come back).`,
  });

export const badKey = (): StartError =>
  new StartError('backup-key-malformed', {
    zh: '备份密钥应是 32 字节的 base64。请检查 backup.key 或 XIANKE_BACKUP_KEY。',
    en: 'A backup key is 32 bytes in base64. Check backup.key or XIANKE_BACKUP_KEY.',
  });

export const keyMissing = (path: string): StartError =>
  new StartError('backup-key-missing', {
    zh: `没有找到备份密钥 ${path}。请放回 backup.key，或用 XIANKE_BACKUP_KEY_FILE 指定它。`,
    en: `There is no backup key at ${path}. Put backup.key back, or name it in XIANKE_BACKUP_KEY_FILE.`,
  });
