/** The cache of answers. */

import { QueryClient } from '@tanstack/react-query';
import { ApiError, kAway } from '../api/client';

export const makeClient = (): QueryClient => new QueryClient({
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
