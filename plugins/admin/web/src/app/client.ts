/** The cache of answers, and what happens everywhere when one is refused. */

import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from '../api/client';
import { sessionQuery, type KnownSession } from './session';

/** Signed out by the server: the page stays where it is, behind the sign-in form. */
function forgetUser(client: QueryClient): void {
  client.setQueryData<KnownSession>(sessionQuery.queryKey, known => known?.user ? { ...known, user: null } : known);
}

export function makeClient(): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof ApiError && error.status === 401) forgetUser(client);
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 5000,
        networkMode: 'always',
        retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
        retryDelay: attempt => 500 * 2 ** attempt,
      },
      mutations: { networkMode: 'always', onError },
    },
  });
  return client;
}
