import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { call, query } from '../../api/client';
import type { WorklistPage } from '../../api/types';
import { toDicomDate } from '../../i18n/format';

export type Days = 'today' | 'coming' | 'all';
export interface WorklistFilter { search: string; days: Days; status: string }
export const kNoFilter: WorklistFilter = { search: '', days: 'coming', status: '' };

const kPerPage = 100;
/** Modalities tell how far they are while people look. */
const kLookAgain = 5000;

export function useWorklist({ search, days, status }: WorklistFilter) {
  const today = toDicomDate(new Date());
  const parameters = { search, status, date_from: days === 'all' ? '' : today, date_to: days === 'today' ? today : '' };
  const found = useInfiniteQuery({
    queryKey: ['worklist', parameters],
    queryFn: ({ pageParam, signal }) => call<WorklistPage>(`api/worklist${query({ ...parameters, limit: kPerPage, offset: pageParam })}`, { signal }),
    initialPageParam: 0,
    getNextPageParam: (last, all) => (last.more ? all.length * kPerPage : undefined),
    placeholderData: keepPreviousData,
    refetchInterval: kLookAgain,
  });
  const items = useMemo(() => {
    const unique = new Map((found.data?.pages ?? []).flatMap(page => page.items).map(item => [item.id, item]));
    return [...unique.values()];
  }, [found.data]);
  return { ...found, items, folder: found.data?.pages[0]?.folder ?? '' };
}
