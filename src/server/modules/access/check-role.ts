import { AppError } from '../../../contract/errors.ts';
import type { Role } from '../../../domain/access/role.ts';
import type { Access } from '../../../domain/access/types.ts';
import type { FilterEnv } from '../../../domain/filter/meaning.ts';
import { validateFilter } from '../../../domain/filter/validate.ts';
import type { Catalog } from '../../../domain/schema/types.ts';

const CLASSES = ['@public', '@internal', '@personal', '@sensitive'];

/** Refuses a role that names what is not there, or whose condition can't be read: it would close everything or nothing. */
export function checkRole(role: Pick<Role, 'objects'>, catalog: Catalog, access: Access, env: FilterEnv): void {
  for (const [name, said] of Object.entries(role.objects)) {
    const object = catalog.objects.find((one) => one.name === name);
    if (name !== '*' && !object) throw new AppError('role-invalid', { detail: name });
    for (const field of Object.keys(said.fields)) {
      const known = field === '*' || CLASSES.includes(field) || object?.fields.some((one) => one.name === field);
      if (!known) throw new AppError('role-invalid', { detail: `${name}.${field}` });
    }
    for (const rule of said.rows) {
      if (rule.rule !== 'filter') continue;
      const issues = object
        ? validateFilter(rule.filter, catalog, object, access, { ...env, me: 'nobody' })
        : [{ code: 'filter-field' }];
      if (issues.length > 0) throw new AppError('role-invalid', { detail: `${name}: ${issues[0]?.code ?? ''}` });
    }
  }
}
