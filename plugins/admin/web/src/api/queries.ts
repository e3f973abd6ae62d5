/** The keys under which answers are cached, and how they are asked for. */

import { queryOptions } from '@tanstack/react-query';
import { call, part, query } from './client';
import type {
  Arrival, Backups, Connection, Extension, Health, IndexState, Items, Job, Knock, Label, LoginSession, Node, Role, Setting, State, Stations, Storage,
  StudyWithSeries, Token, TrashedStudy, User, Verification,
} from './types';

const list = <T>(key: readonly string[], path: string) =>
  queryOptions({ queryKey: key, queryFn: ({ signal }) => call<Items<T>>(path, { signal }).then(answer => answer.items) });
const one = <T>(key: readonly string[], path: string) =>
  queryOptions({ queryKey: key, queryFn: ({ signal }) => call<T>(path, { signal }) });

export const stateQuery = one<State>(['state'], 'api/state');
export const labelsQuery = list<Label>(['labels'], 'api/labels');
export const studyQuery = (uid: string) => one<StudyWithSeries>(['study', uid], `api/studies/${part(uid)}`);
/** With the series that viewers keep for themselves. */
export const wholeStudyQuery = (uid: string) => one<StudyWithSeries>(['study', uid, 'whole'], `api/studies/${part(uid)}${query({ all_series: 'true' })}`);
export const trashQuery = list<TrashedStudy>(['trash'], 'api/trash');
export const nodesQuery = list<Node>(['nodes'], 'api/nodes');
export const knockingQuery = list<Knock>(['knocking'], 'api/knocking');
export const stationsQuery = one<Stations>(['stations'], 'api/stations');
export const connectionQuery = one<Connection>(['connection'], 'api/connection');
export const jobsQuery = list<Job>(['jobs'], 'api/jobs');
export const healthQuery = one<Health>(['health'], 'api/health');
export const storageQuery = one<Storage>(['storage'], 'api/storage');
export const kStatisticsDays = 365;
/** Of a year, whatever is looked at: a node that has fallen silent is found by its last arrival. */
export const statisticsQuery = queryOptions({
  queryKey: ['statistics'],
  queryFn: ({ signal }) => {
    const from = new Date(Date.now() - (kStatisticsDays - 1) * 86400000).toISOString().slice(0, 10);
    return call<Items<Arrival>>(`api/statistics${query({ from })}`, { signal }).then(answer => answer.items);
  },
});
export const backupsQuery = one<Backups>(['backups'], 'api/backups');
export const verificationQuery = one<Verification>(['verification'], 'api/verification');
export const indexQuery = one<IndexState>(['index'], 'api/index');
export const settingsQuery = list<Setting>(['settings'], 'api/settings');
export const extensionsQuery = list<Extension>(['extensions'], 'api/extensions');
export const usersQuery = list<User>(['users'], 'api/users');
export const rolesQuery = list<Role>(['roles'], 'api/roles');
/** Of oneself, or of a user that one manages. */
export const accessBase = (user: string | null) => (user === null ? 'api/session' : `api/users/${part(user)}`);
export const tokensQuery = (user: string | null) => list<Token>(['tokens', user ?? ''], `${accessBase(user)}/tokens`);
export const sessionsQuery = (user: string | null) => list<LoginSession>(['sessions', user ?? ''], `${accessBase(user)}/sessions`);

/** The orders that the index has, however many studies there are. The first one is what the server does unasked. */
export const kStudyOrders = ['newest_first', 'oldest_first', 'patient_name', 'patient_name_reversed'] as const;
export type StudyOrder = typeof kStudyOrders[number];
export interface StudyFilter { search: string; modality: string[]; from: string; to: string; label: string; order: StudyOrder }
export const kStudiesPerPage = 100;
export const studiesPath = (filter: StudyFilter, offset: number) => `api/studies${query({
  search: filter.search, modality: filter.modality, date_from: filter.from, date_to: filter.to, label: filter.label,
  order: filter.order === kStudyOrders[0] ? '' : filter.order, offset, limit: kStudiesPerPage,
})}`;
