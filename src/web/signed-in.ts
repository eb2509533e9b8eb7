import { redirect } from '@tanstack/react-router';
import { ApiError } from './api/errors.ts';
import { accountsQuery, catalogQuery, queryClient, sessionQuery, setupQuery } from './api/query.ts';

/** For those who are signed in; the others sign in first and come back. */
export const signedIn = {
  beforeLoad: async ({ location }: { location: { href: string } }) => {
    try {
      const { needsFactor } = await queryClient.ensureQueryData(sessionQuery);
      if (needsFactor) throw redirect({ to: '/second-factor', search: { to: location.href } });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      const { needed } = await queryClient.fetchQuery(setupQuery);
      if (needed) throw redirect({ to: '/setup', search: {} });
      throw redirect({ to: '/sign-in', search: { to: location.href } });
    }
  },
  loader: async () => {
    void queryClient.prefetchQuery(accountsQuery);
    await queryClient.ensureQueryData(catalogQuery);
  },
};
