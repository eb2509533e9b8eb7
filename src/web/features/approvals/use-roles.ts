import { useQuery } from '@tanstack/react-query';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { useSession } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';

/** Roles by name. Only administrators see them all. */
export function useRoles(): { id: string; name: string }[] {
  const label = useLabel();
  const { account } = useSession();
  const { data } = useQuery({
    queryKey: ['approvals', 'roles'],
    queryFn: ({ signal }) => call(api.access.roles, { signal }),
    enabled: account.role === 'admin',
  });
  return data?.roles.map((role) => ({ id: role.id, name: label(role.label) })) ?? [];
}
