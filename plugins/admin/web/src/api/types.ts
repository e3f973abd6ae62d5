/** What the server answers: the members of its JSON, as they are named there. */

export type Permission =
  | 'studies.read' | 'studies.store' | 'studies.export' | 'studies.send' | 'studies.import' | 'studies.label' | 'studies.delete'
  | 'nodes.read' | 'nodes.manage' | 'jobs.read' | 'jobs.manage' | 'system.read' | 'settings.read' | 'metrics.read'
  | 'users.manage' | 'audit.read' | 'worklist.read' | 'worklist.manage';

export interface Items<T> { items: T[]; more?: boolean }

export interface SessionUser {
  name: string;
  display_name: string;
  email: string;
  role: string;
  permissions: string[];
  must_change_password: boolean;
  sees_all_studies: boolean;
}
export interface Session { setup_needed: boolean; user: SessionUser | null }
export interface SetupPurpose { name: string | null; display_name: string | null }

export interface Token {
  id: string;
  label: string;
  created: string;
  expires: string | null;
  last_used: string | null;
  permissions: string[] | null;
}
export interface NewToken { id: string; token: string }
export interface LoginSession {
  id: string;
  created: string;
  last_used: string;
  address: string;
  user_agent: string;
  current: boolean;
}

export type VisibilityAttribute = 'referring_physician' | 'institution' | 'modality' | 'label';
export interface VisibilityRule { attribute: VisibilityAttribute; values: string[] }
export interface Visibility { all_of: VisibilityRule[] }
export interface Role { name: string; permissions: string[] }
export interface User {
  name: string;
  display_name: string;
  email: string;
  role: string;
  /** Permissions besides the role's. */
  also: string[];
  enabled: boolean;
  created: string;
  last_login: string | null;
  must_change_password: boolean;
  visibility: Visibility | null;
}
export interface UserFields {
  name: string;
  display_name: string;
  email: string;
  role: string;
  visibility: Visibility | null;
}
export interface CreatedUser extends User { setup_link: string | null }

export interface Study {
  study_instance_uid: string;
  patient_name: string;
  patient_name_ideographic?: string;
  patient_id: string;
  patient_birth_date: string;
  patient_sex: string;
  accession_number: string;
  study_id: string;
  description: string;
  date: string;
  time: string;
  modalities: string[];
  referring_physician: string;
  series: number;
  instances: number;
  /** Which Horos and OsiriX keep for themselves: they are not among the series. */
  hidden_series?: number;
  labels: string[];
}
export interface Series {
  series_instance_uid: string;
  number: number | null;
  description: string;
  modality: string;
  date: string;
  time: string;
  body_part: string;
  instances: number;
  sop_class_uid: string;
  has_pixels: boolean;
}
export interface Note { origin: string; text: string }
export interface StudyWithSeries extends Study { series_list: Series[]; notes?: Note[] }
export interface Label { label: string; studies: number }
export interface Discarded { instances: number; purge_at: string }
export interface TrashedStudy extends Study {
  user: string;
  discarded_at: string;
  purge_at: string;
  bytes: number;
}

export type UploadOutcome = 'stored' | 'identical' | 'kept_first' | 'replaced' | 'refused' | 'not_dicom';
export interface UploadResult {
  file: string;
  outcome: UploadOutcome;
  reason: string;
  study_instance_uid: string;
  sop_instance_uid: string;
}

export type Right = 'echo' | 'store' | 'query' | 'retrieve';
export interface Echo { ok: boolean; time: string; message: string }
export interface Node {
  ae_title: string;
  host: string;
  port: number;
  rights: Right[];
  tls: boolean;
  any_address: boolean;
  description: string;
  preferred_transfer_syntaxes: string[];
  /** SHA-256 fingerprint or subject; empty: any that is trusted. */
  certificate: string;
  user_required: boolean;
  /** "configuration": only changed in its file; "administrator", "discovered". */
  origin: string;
  last_seen: string | null;
  last_echo: Echo | null;
}
export type NodeFields = Omit<Node, 'ae_title' | 'port' | 'origin' | 'last_seen' | 'last_echo'> & { port?: number };
export interface EchoAnswer { ok: boolean; milliseconds: number; message: string }
export interface Knock {
  ae_title: string;
  called_ae_title: string;
  address: string;
  wanted: string;
  reason: string;
  first: string;
  last: string;
  times: number;
}
export interface Station {
  ae_title: string;
  address: string;
  host: string;
  port: number;
  description: string;
  known: boolean;
}
export interface Stations { items: Station[]; problem: string }
export interface AssistantStep {
  step: string;
  state: 'ok' | 'failed' | 'skipped';
  title: string;
  detail: string;
  remedy: string;
}
export interface Connection {
  ae_title: string;
  port: number;
  addresses: string[];
  base_url: string;
  dicomweb_url: string;
  wado_uri: string;
}

export type JobState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
export interface Job {
  id: number;
  kind: string;
  title: string;
  user: string;
  state: JobState;
  message: string;
  done: number;
  total: number;
  rate: number | null;
  attempts: number;
  created: string;
  changed: string;
  next_attempt: string | null;
}

export interface AuditEntry {
  id: number;
  time: string;
  action: string;
  outcome: 'success' | 'refused' | 'failed';
  user: string;
  address: string;
  object: string;
  patient_id: string;
  detail: string;
}

/** What there is only with the plugin for it. */
export type Part = 'audit' | 'jobs' | 'send' | 'trash' | 'verification' | 'worklist';
export interface State {
  changes?: number;
  knocking?: number;
  jobs_running?: number;
  jobs_failed?: number;
  trash?: number;
  degraded?: boolean;
  version?: string;
  parts?: Part[];
}
export interface PluginHealth {
  instance: string;
  plugin: string;
  version: string;
  state: string;
  required: boolean;
  reason: string;
}
export interface Warning { plugin: string; condition: string; failing: boolean; since: string; text: string; remedy: string }
export interface Health { version: string; started: string; plugins: PluginHealth[]; warnings: Warning[] }
export interface LogEntry {
  number: number;
  level: string;
  time: string;
  instance: string;
  message: string;
  /** "port=104 bind=127.0.0.1" */
  fields: string;
}
export interface ModalityUse { modality: string; series: number; instances: number; bytes: number }
/** What came on a day ("YYYYMMDD", in UTC) from one node, of one modality. */
export interface Arrival { date: string; node: string; modality: string; instances: number; bytes: number }
/** Sizes of the disk are null where nobody knows them. */
export interface Storage {
  total: number | null;
  available: number | null;
  used: number | null;
  studies: number;
  series: number;
  instances: number;
  bytes: number;
  oldest: string | null;
  newest: string | null;
  modalities: ModalityUse[];
  full_in_days: number | null;
}
export interface Backup { name: string; made: string }
/** Without a destination, backups are made by command only. */
export interface Backups {
  destination: string | null;
  at: string | null;
  every_seconds: number;
  trouble: string | null;
  last_good: string | null;
  report: string | null;
  failure: string | null;
  job: number | null;
  backups: Backup[];
}
/** Whether the index can be made anew while the archive runs, and the job that does it. */
export interface IndexState { renewable: boolean; job: number | null }

export interface Verification {
  began: string | null;
  ended: string | null;
  objects: number;
  bytes: number;
  healed: number;
  open: number;
  findings: string[];
  job: number | null;
  /** Bytes that are read in a second; 0: as fast as it goes. */
  rate: number;
}
export interface Setting {
  instance: string;
  option: string;
  value: string;
  origin: string;
  description: string;
  description_de: string;
}
export interface Extension {
  kind: 'page' | 'study_action' | 'settings_form';
  id: string;
  label_en: string;
  label_de: string;
  url: string;
  new_tab: boolean;
}

/** A scheduled procedure step, as modalities are told of it. */
export interface WorklistItem {
  id: string;
  origin: string;
  status: string;
  date: string;
  time: string;
  modality: string;
  station: string;
  station_name: string;
  description: string;
  step_id: string;
  performing_physician: string;
  patient_name: string;
  patient_name_ideographic: string;
  patient_id: string;
  patient_birth_date: string;
  patient_sex: string;
  accession_number: string;
  referring_physician: string;
  requested_procedure_id: string;
  study_instance_uid: string;
}
export interface WorklistPage extends Items<WorklistItem> { folder: string }
