/** The cache of answers, and what happens everywhere when one is refused. */

import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, kAway } from '../api/client';
import { noticeRefusal } from './session';

export function makeClient(): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof ApiError) void noticeRefusal(client, error.status);
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 5000,
        networkMode: 'always',
        retry: (count, error) => count < 2 && !(error instanceof ApiError && !kAway.includes(error.status)),
        retryDelay: attempt => 500 * 2 ** attempt,
      },
      mutations: { networkMode: 'always' },
    },
  });
  return client;
}
