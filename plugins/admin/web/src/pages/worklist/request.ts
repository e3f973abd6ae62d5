/** What is typed into the form of an entry, and what the server wants of it: the keywords of PS3.6. */

import { toDicomDate } from '../../i18n/format';

export interface Entry {
  family: string; given: string; patientId: string; birthDate: string; sex: string;
  accession: string; modality: string; station: string; date: string; time: string; description: string; referring: string;
}
export type EntryField = keyof Entry;

const kLongest: Partial<Record<EntryField, number>> = { family: 60, given: 60, patientId: 64, accession: 16, modality: 16, station: 16, description: 64, referring: 60 };
const kNeeded: EntryField[] = ['family', 'patientId', 'modality', 'station', 'date'];

export const longest = (field: EntryField): number | undefined => kLongest[field];

/** Today, as fields for dates have it. */
export function emptyEntry(now: Date): Entry {
  const today = toDicomDate(now).replace(/^(\d{4})(\d\d)/, '$1-$2-');
  return { family: '', given: '', patientId: '', birthDate: '', sex: '', accession: '', modality: '', station: '', date: today, time: '', description: '', referring: '' };
}

/** The fields that lack what every entry needs. */
export const missing = (entry: Entry): EntryField[] => kNeeded.filter(field => !entry[field].trim());

/** What has a meaning of its own in a name or a list of values. */
const plain = (text: string) => text.replaceAll(/[\\^=]/g, ' ').replaceAll(/\s+/g, ' ').trim();
const name = (family: string, given: string) => [plain(family), plain(given)].join('^').replace(/\^$/, '');

/** "Smith, John" as a name. */
function typedName(text: string): string {
  const [family = '', ...given] = text.split(',');
  return name(family, given.join(' '));
}

export function toRequest(entry: Entry): Record<string, string> {
  const all: Record<string, string> = {
    PatientName: name(entry.family, entry.given),
    PatientID: plain(entry.patientId),
    PatientBirthDate: entry.birthDate,
    PatientSex: entry.sex,
    AccessionNumber: plain(entry.accession),
    ReferringPhysicianName: typedName(entry.referring),
    Modality: plain(entry.modality).toUpperCase(),
    ScheduledStationAETitle: plain(entry.station),
    ScheduledProcedureStepStartDate: entry.date,
    ScheduledProcedureStepStartTime: entry.time,
    ScheduledProcedureStepDescription: plain(entry.description),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}
