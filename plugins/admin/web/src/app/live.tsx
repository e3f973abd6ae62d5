/** Keeps what is shown up to date: asks every two seconds whether something changed, while the page is looked at. */

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useRef, type ReactNode } from 'react';
import { ApiError, kAway } from '../api/client';
import { stateQuery } from '../api/queries';
import type { Part, State } from '../api/types';
import { useSession } from './session';

interface Live { state: State; offline: boolean }
const LiveContext = createContext<Live>({ state: {}, offline: false });
export const useLive = (): Live => use(LiveContext);

/** Whether the archive has this part; until it has said so, it is taken to have it. */
export const useHas = (): ((part: Part) => boolean) => {
  const { parts } = useLive().state;
  return part => parts?.includes(part) ?? true;
};

const kNothing: State = {};
const kFollowers: { member: keyof State; keys: string[] }[] = [
  { member: 'changes', keys: ['studies', 'study', 'labels', 'storage'] },
  { member: 'knocking', keys: ['knocking'] },
  { member: 'jobs_running', keys: ['jobs'] },
  { member: 'jobs_failed', keys: ['jobs'] },
  { member: 'trash', keys: ['trash'] },
  { member: 'degraded', keys: ['health'] },
];

export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const { data: session } = useSession();
  const signedIn = Boolean(session && (!session.accounts || (session.user && !session.ended && !session.user.must_change_password)));
  const { data: state = kNothing, error, dataUpdatedAt } = useQuery({ ...stateQuery, refetchInterval: 2000, retry: false, enabled: signedIn });
  const before = useRef<State | null>(null);
  const waiting = useRef(new Set<string>());
  const offline = error instanceof ApiError && kAway.includes(error.status);
  const wasOffline = useRef(false);

  useEffect(() => {
    const last = before.current;
    before.current = state;
    if (!last) return;
    const changed = new Set(kFollowers.filter(({ member }) => last[member] !== undefined && last[member] !== state[member]).flatMap(({ keys }) => keys));
    for (const key of changed) waiting.current.add(key);
    // A list that is being loaded is asked for again when it is there: else a busy archive would never let it finish.
    for (const key of waiting.current) {
      if (client.isFetching({ queryKey: [key] }) > 0) continue;
      waiting.current.delete(key);
      void client.invalidateQueries({ queryKey: [key] });
    }
  }, [client, state, dataUpdatedAt]);

  useEffect(() => {
    if (wasOffline.current && !offline) void client.invalidateQueries();
    wasOffline.current = offline;
  }, [client, offline]);

  return <LiveContext value={{ state, offline }}>{children}</LiveContext>;
}
