import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { call } from '../../api/client';
import { kStudiesPerPage, studiesPath, type StudyFilter } from '../../api/queries';
import type { Items, Study } from '../../api/types';

interface StudyPage extends Items<Study> { filter: StudyFilter }

/** The list of studies, page by page. A study that arrives meanwhile moves the others down: none is shown twice. */
export function useStudies(filter: StudyFilter) {
  const found = useInfiniteQuery({
    queryKey: ['studies', filter],
    queryFn: async ({ pageParam, signal }): Promise<StudyPage> => ({ ...await call<Items<Study>>(studiesPath(filter, pageParam), { signal }), filter }),
    initialPageParam: 0,
    getNextPageParam: (last, all) => (last.more ? all.length * kStudiesPerPage : undefined),
    placeholderData: keepPreviousData,
  });
  const studies = useMemo(() => {
    const unique = new Map<string, Study>();
    for (const page of found.data?.pages ?? []) for (const study of page.items) unique.set(study.study_instance_uid, study);
    return [...unique.values()];
  }, [found.data]);
  // While another search runs, the list is still that of the one before.
  const shown = found.data?.pages[0]?.filter ?? filter;
  return { ...found, studies, order: shown.order, shownFor: JSON.stringify({ ...shown, order: undefined }) };
}
