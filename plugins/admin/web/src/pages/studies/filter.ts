/** What the list of studies is narrowed to, and its order. It is kept in the address, so that "back" and links find it again. */

import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { kStudyOrders, type StudyFilter, type StudyOrder } from '../../api/queries';
import { toDicomDate } from '../../i18n/format';

export const kModalities = ['CR', 'CT', 'DX', 'ES', 'MG', 'MR', 'NM', 'OP', 'PT', 'RF', 'US', 'XA'];
export type DateChoice = 'any' | 'today' | 'week' | 'month' | 'range';
export interface ListFilter { search: string; modality: string[]; date: DateChoice; from: string; to: string; label: string; order: StudyOrder }

const kDays: Record<'today' | 'week' | 'month', number> = { today: 0, week: 6, month: 29 };
const isDateChoice = (value: string | null): value is DateChoice => value !== null && ['today', 'week', 'month', 'range'].includes(value);

export function readFilter(parameters: URLSearchParams): ListFilter {
  const date = parameters.get('date');
  return {
    search: parameters.get('search') ?? '',
    modality: parameters.get('modality')?.split(',').filter(Boolean) ?? [],
    date: isDateChoice(date) ? date : 'any',
    from: parameters.get('from') ?? '',
    to: parameters.get('to') ?? '',
    label: parameters.get('label') ?? '',
    order: kStudyOrders.find(order => order === parameters.get('order')) ?? kStudyOrders[0],
  };
}

export function writeFilter(filter: ListFilter): URLSearchParams {
  const parameters = new URLSearchParams();
  if (filter.search) parameters.set('search', filter.search);
  if (filter.modality.length > 0) parameters.set('modality', filter.modality.join(','));
  if (filter.date !== 'any') parameters.set('date', filter.date);
  if (filter.date === 'range' && filter.from) parameters.set('from', filter.from);
  if (filter.date === 'range' && filter.to) parameters.set('to', filter.to);
  if (filter.label) parameters.set('label', filter.label);
  if (filter.order !== kStudyOrders[0]) parameters.set('order', filter.order);
  return parameters;
}

/** As the server wants it. The days of "7 days" are counted from today. */
export function toQuery(filter: ListFilter, now: Date): StudyFilter {
  const { search, modality, label, order, date } = filter;
  if (date === 'any') return { search, modality, label, order, from: '', to: '' };
  if (date === 'range') return { search, modality, label, order, from: filter.from.replaceAll('-', ''), to: filter.to.replaceAll('-', '') };
  const from = new Date(now.getFullYear(), now.getMonth(), now.getDate() - kDays[date]);
  return { search, modality, label, order, from: toDicomDate(from), to: toDicomDate(now) };
}

export const isNarrowed = (filter: ListFilter): boolean => writeFilter({ ...filter, order: kStudyOrders[0] }).size > 0;

export function useListFilter(): [ListFilter, (change: Partial<ListFilter>) => void] {
  const [parameters, setParameters] = useSearchParams();
  const filter = useMemo(() => readFilter(parameters), [parameters]);
  return [filter, change => setParameters(writeFilter({ ...filter, ...change }), { replace: true })];
}
