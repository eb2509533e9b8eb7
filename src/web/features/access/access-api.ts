import { useQuery } from '@tanstack/react-query';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';

export const accessKeys = {
  roles: ['access', 'roles'] as const,
  units: ['access', 'units'] as const,
  requests: ['access', 'requests'] as const,
  secrecy: ['access', 'secrecy'] as const,
};

/** Roles and who has them. */
export const useRoles = () =>
  useQuery({ queryKey: accessKeys.roles, queryFn: ({ signal }) => call(api.access.roles, { signal }) });
