/** Who is signed in, and what they may do. */

import { queryOptions, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, use, useMemo, type ReactNode } from 'react';
import { ApiError, call } from '../api/client';
import type { Permission, Session, SessionUser } from '../api/types';
import { useNavigate } from './routing';

/**
 * `accounts` is false where the server has no accounts: then everybody may do everything. `ended`: somebody was signed in
 * until the server said no.
 */
export interface KnownSession extends Session { accounts: boolean; ended?: boolean }

async function askSession(): Promise<KnownSession> {
  try {
    return { ...await call<Session>('api/session'), accounts: true };
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return { setup_needed: false, user: null, accounts: false };
    throw error;
  }
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: askSession,
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

/**
 * Looks whether a refusal (401, 403) means that the server has signed one out: then the page stays where it is, behind the
 * sign-in form. What one may not do does not sign out.
 */
export async function noticeRefusal(client: QueryClient, status: number): Promise<void> {
  const before = client.getQueryData<KnownSession>(sessionQuery.queryKey);
  if ((status !== 401 && status !== 403) || !before?.user) return;
  const now = status === 401 ? { ...before, user: null } : await askSession();
  if (!now.user) client.setQueryData<KnownSession>(sessionQuery.queryKey, { ...now, ended: true });
}

export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    await call('api/session', { method: 'DELETE' });
    replaceSession(client, { setup_needed: false, user: null });
    navigate('/');
  };
}

export const useSession = () => useQuery(sessionQuery);
