import { useEffect, useRef, useState } from 'react';
import { call } from '../../api/client';
import type { Items, LogEntry } from '../../api/types';

export const kLevels = ['all', 'info', 'warning', 'error'] as const;
export type Level = (typeof kLevels)[number];
const kMost = 1000;
const kEvery = 2000;

const rank = (level: string): number => {
  const name = level.toLowerCase();
  if (/^(err|fatal|crit)/.test(name)) return 3;
  if (name.startsWith('warn')) return 2;
  return name.startsWith('info') || name === 'notice' ? 1 : 0;
};

export const isAtLeast = (entry: LogEntry, level: Level): boolean => rank(entry.level) >= kLevels.indexOf(level);
export const tone = (level: string): 'danger' | 'warning' | 'neutral' => (rank(level) === 3 ? 'danger' : rank(level) === 2 ? 'warning' : 'neutral');

/** The last lines of the log, and new ones as they come, while the page is looked at. */
export function useLog(paused: boolean): { entries: LogEntry[]; error: unknown; loaded: boolean } {
  const [log, setLog] = useState<{ entries: LogEntry[]; error: unknown; loaded: boolean }>({ entries: [], error: null, loaded: false });
  const last = useRef(0);
  useEffect(() => {
    if (paused) return undefined;
    const controller = new AbortController();
    const ask = async () => {
      if (document.hidden) return;
      try {
        const { items } = await call<Items<LogEntry>>(`api/log?after=${last.current}`, { signal: controller.signal });
        const added = items.filter(entry => entry.number > last.current);
        last.current = added.at(-1)?.number ?? last.current;
        setLog(({ entries }) => ({ entries: added.length > 0 ? [...entries, ...added].slice(-kMost) : entries, error: null, loaded: true }));
      } catch (error) {
        if (!controller.signal.aborted) setLog(before => ({ ...before, error, loaded: true }));
      }
    };
    void ask();
    const timer = setInterval(() => void ask(), kEvery);
    return () => {
      clearInterval(timer);
      controller.abort();
    };
  }, [paused]);
  return log;
}
