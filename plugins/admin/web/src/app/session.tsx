/** Who is signed in, and what they may do. */

import { queryOptions, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, use, useMemo, type ReactNode } from 'react';
import { ApiError, call } from '../api/client';
import type { Permission, Session, SessionUser } from '../api/types';
import { useNavigate } from './routing';
import { Refusals } from './sign_in_again';

/**
 * `accounts` is false where the server has no accounts: then everybody may do everything. `ended`: `user` was signed in until the
 * server said no.
 */
export interface KnownSession extends Session { accounts: boolean; ended?: boolean }

export async function askSession(): Promise<KnownSession> {
  try {
    return { ...await call<Session>('api/session', { final: true }), accounts: true };
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
 * A refusal may mean that the server has signed one out: then the page stays as it is, beneath the sign-in form. What one may not
 * do does not sign out.
 */
export function refusalsOf(client: QueryClient): Refusals {
  return new Refusals(async status => {
    const before = client.getQueryData<KnownSession>(sessionQuery.queryKey);
    if (!before?.user) return 'not_allowed';
    const { user } = await askSession();
    if (user) return status === 401 && user.name === before.user.name ? 'signed_in' : 'not_allowed';
    client.setQueryData<KnownSession>(sessionQuery.queryKey, { ...before, ended: true });
    return 'ended';
  });
}

/** The same person goes on: what is shown stays, and is asked for again. */
export function resumeSession(client: QueryClient, session: Session): void {
  client.setQueryData<KnownSession>(sessionQuery.queryKey, { ...session, accounts: true });
  void client.invalidateQueries({ predicate: query => query.queryKey[0] !== 'session' });
}

export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    await call('api/session', { method: 'DELETE', final: true }).catch((error: unknown) => {
      if (!(error instanceof ApiError && error.status === 401)) throw error; // was signed out already
    });
    replaceSession(client, { setup_needed: false, user: null });
    navigate('/');
  };
}

export const useSession = () => useQuery(sessionQuery);
