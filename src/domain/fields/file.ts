import type { FieldValue } from '../schema/types.ts';
import { bad, excerpt, good, NOTHING, rawLine } from './outcome.ts';
import type { FieldType } from './types.ts';

export interface FileRef {
  id: string;
  name: string;
  size?: number;
  type?: string;
}

const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** {files: [{id, name, size?, type?}]}. The bytes are in file storage; here is only what names them. */
export const file: FieldType = {
  name: 'file',
  label: { zh: '附件', en: 'Files' },
  kind: 'json',
  column: 'jsonb',
  parse(raw) {
    if (raw === null || raw === undefined || rawLine(raw) === '') return NOTHING;
    const list: unknown = typeof raw === 'object' && 'files' in raw ? raw.files : raw;
    if (!Array.isArray(list)) return bad('file-form', { value: excerpt(raw) });
    const files = list.map(fileRef);
    if (files.some((f) => f === null)) return bad('file-form', { value: '' });
    return files.length === 0 ? NOTHING : good({ files });
  },
  format: (value, _field, lang) =>
    fileRefs(value)
      .map((f) => f.name)
      .join(lang === 'zh' ? '、' : ', '),
};

export function fileRefs(value: FieldValue): FileRef[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [];
  const { files } = value;
  return Array.isArray(files) ? files.map(fileRef).filter((f): f is FileRef => f !== null) : [];
}

function fileRef(item: unknown): FileRef | null {
  if (typeof item === 'string') return ID.test(item) ? { id: item, name: item } : null;
  if (item === null || typeof item !== 'object') return null;
  const { id, name, size, type } = item as Record<string, unknown>;
  if (typeof id !== 'string' || !ID.test(id)) return null;
  const clean = rawLine(name);
  return {
    id,
    name: clean || id,
    ...(typeof size === 'number' && size >= 0 && Number.isFinite(size) ? { size } : {}),
    ...(typeof type === 'string' ? { type } : {}),
  };
}
