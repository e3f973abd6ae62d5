/** Who is signed in, and what they may do. */

import { queryOptions, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, use, useMemo, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { ApiError, call } from '../api/client';
import type { Permission, Session, SessionUser } from '../api/types';

/**
 * `accounts` is false where the server has no accounts: then everybody may do everything. `ended`: somebody was signed in
 * until the server said no.
 */
export interface KnownSession extends Session { accounts: boolean; ended?: boolean }

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<KnownSession> => {
    try {
      return { ...await call<Session>('api/session', { signal }), accounts: true };
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return { setup_needed: false, user: null, accounts: false };
      throw error;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
});

interface Access { user: SessionUser | null; accounts: boolean; can: (permission: Permission) => boolean }
const AccessContext = createContext<Access>({ user: null, accounts: false, can: () => false });

export function AccessProvider({ session, children }: { session: KnownSession; children: ReactNode }) {
  const access = useMemo<Access>(() => ({
    user: session.user,
    accounts: session.accounts,
    can: permission => !session.accounts || (session.user?.permissions.includes(permission) ?? false),
  }), [session]);
  return <AccessContext value={access}>{children}</AccessContext>;
}

export const useAccess = (): Access => use(AccessContext);

/** Somebody else (or nobody) is signed in from now on: what was shown before is forgotten. */
export function replaceSession(client: QueryClient, session: Session): void {
  client.removeQueries({ predicate: query => query.queryKey[0] !== 'session' });
  client.setQueryData<KnownSession>(sessionQuery.queryKey, { ...session, accounts: true });
}

/** Signed out by the server: the page stays where it is, behind the sign-in form. */
export function forgetUser(client: QueryClient): void {
  client.setQueryData<KnownSession>(sessionQuery.queryKey, known => (known?.user ? { ...known, user: null, ended: true } : known));
}

export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    await call('api/session', { method: 'DELETE' });
    replaceSession(client, { setup_needed: false, user: null });
    await navigate('/');
  };
}

export const useSession = () => useQuery(sessionQuery);
