/** What /api/imports answers: the members of its JSON, as they are named there. */

import type { JobState } from '../../api/types';

export type SourceKind = 'folder' | 'file' | 'dicomdir' | 'horos' | 'orthanc' | 'dcm4chee' | 'node';
export interface Source { path: string; name: string; kind: SourceKind; folder: boolean }
export interface Sources { path: string | null; parent?: string | null; kind?: SourceKind; items: Source[]; more: boolean }

export type FileOutcome =
  | 'stored' | 'duplicate' | 'differs' | 'replaced' | 'refused' | 'not_dicom' | 'unreadable' | 'missing' | 'new' | 'present'
  | 'lost' | 'noted';
export interface ImportJob {
  id: number;
  state: JobState;
  title: string;
  message: string;
  user: string;
  done: number;
  total: number;
  created: string;
  changed: string;
  next_attempt: string | null;
  source: string;
  kind: SourceKind;
  dry_run: boolean;
  rate: number;
  hours: string;
  from: string;
  to: string;
}
export interface Imports { items: ImportJob[]; folders: string[] }
export interface ImportDetail extends ImportJob {
  counts: Record<FileOutcome | 'found', number>;
  reasons: { outcome: FileOutcome; reason: string; files: number }[];
  bytes: number;
}
export interface ImportOrder { source: string; kind?: string; dry_run: boolean; rate?: number; hours?: string; from?: string; to?: string }
