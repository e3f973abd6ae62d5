/** The cache of answers, and what happens everywhere when one is refused. */

import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from '../api/client';
import { forgetUser } from './session';

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
      mutations: { networkMode: 'always' },
    },
  });
  return client;
}
