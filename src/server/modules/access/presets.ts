import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Role } from '../../../domain/access/role.ts';
import { root } from '../../platform/root.ts';

/** A preset as its file has it; `starting`: what people have whom nobody has given roles. */
export interface RolePreset extends Role {
  starting?: boolean;
}

let read: readonly RolePreset[] | undefined;

/** templates/roles.json. */
export function rolePresets(): readonly RolePreset[] {
  read ??= JSON.parse(readFileSync(join(root, 'templates', 'roles.json'), 'utf8')) as RolePreset[];
  return read;
}
