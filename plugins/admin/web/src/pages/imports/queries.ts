import { queryOptions } from '@tanstack/react-query';
import { call, query } from '../../api/client';
import type { ImportDetail, Imports, Sources } from './types';

export const importsQuery = queryOptions({ queryKey: ['imports'], queryFn: ({ signal }) => call<Imports>('api/imports', { signal }) });
export const sourcesQuery = (path: string | null) => queryOptions({
  queryKey: ['import-sources', path ?? ''],
  queryFn: ({ signal }) => call<Sources>(`api/imports/sources${query({ path })}`, { signal }),
});
export const importQuery = (id: number) => queryOptions({
  queryKey: ['imports', id], queryFn: ({ signal }) => call<ImportDetail>(`api/imports/${id}`, { signal }),
});
