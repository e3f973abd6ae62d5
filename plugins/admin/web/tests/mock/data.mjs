// A small practice to play with: studies, nodes, jobs, users. Made the same way each time.

let seed = 7;
export const random = () => {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return seed / 2147483648;
};
const pick = list => list[Math.floor(random() * list.length)];
const two = n => String(n).padStart(2, '0');
export const ago = seconds => new Date(Date.now() - seconds * 1000).toISOString().replace(/\.\d+Z/, 'Z');
const day = date => `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;

const families = ['Müller', 'Schmidt', 'Doe', 'Schneider', 'Fischer', 'García', 'Yılmaz', 'Novák', 'Weber', 'van den Berg', 'O’Neill', 'Kowalska', 'Meyer-Lüdenscheid', 'Wagner', 'Becker'];
const givens = ['Anna', 'Jane', 'Karl', 'Sophie', 'Peter', 'Maria', 'Emre', 'Jana', 'Ursula', 'Tom', 'Liam', 'Zofia', 'Friederike', 'Hans', 'Ida'];
const doctors = ['Hoffmann^Clara^^Dr.', 'Brandt^Jonas^^Dr.', 'Lee^Min^^Dr.', ''];
const kinds = [
  ['CT', 'CT Thorax with contrast', 'CHEST', 4, 320], ['MR', 'MR Knee left', 'KNEE', 7, 180], ['US', 'Abdomen ultrasound', 'ABDOMEN', 1, 24],
  ['DX', 'Chest PA and lateral', 'CHEST', 2, 2], ['MG', 'Mammography screening', 'BREAST', 4, 4], ['CR', 'Hand right', 'HAND', 1, 2],
  ['MR', 'Neurocranium with and without contrast agent, follow-up', 'HEAD', 11, 640], ['CT', 'CT Abdomen', 'ABDOMEN', 5, 510], ['XA', '', 'HEART', 3, 140],
];
const labels = ['second opinion', 'teaching', 'urgent', 'tumour board'];

export function makeStudy(number, daysAgo) {
  const [modality, description, part, series, instances] = pick(kinds);
  const when = new Date(Date.now() - daysAgo * 86400000);
  const uid = `1.2.276.0.7230010.3.1.2.${1000000 + number}`;
  return {
    study_instance_uid: uid, patient_name: `${pick(families)}^${pick(givens)}`, patient_id: `P${10000 + Math.floor(random() * 900) * 7}`,
    patient_birth_date: `${1935 + Math.floor(random() * 80)}${two(1 + Math.floor(random() * 12))}${two(1 + Math.floor(random() * 28))}`,
    patient_sex: pick(['M', 'F', 'F', 'M', 'O']), accession_number: `A${202600000 + number}`, study_id: String(number), description, date: day(when),
    time: `${two(7 + Math.floor(random() * 11))}${two(Math.floor(random() * 60))}12`, modalities: modality === 'CT' && random() < 0.2 ? ['CT', 'SR'] : [modality],
    referring_physician: pick(doctors), series, instances, labels: random() < 0.2 ? [pick(labels)] : [], part,
  };
}

export const makeStudies = count => Array.from({ length: count }, (_, n) => makeStudy(count - n, n / 9))
  .sort((a, b) => `${b.date}${b.time}`.localeCompare(`${a.date}${a.time}`));

export const seriesOf = study => Array.from({ length: study.series }, (_, n) => ({
  series_instance_uid: `${study.study_instance_uid}.${n + 1}`, number: n + 1,
  description: n === study.series - 1 && study.modalities.includes('SR') ? 'Report' : `${pick(['Ax', 'Cor', 'Sag'])} ${pick(['T1', 'T2 TSE', '2.0', '5.0 soft', 'lung', 'PD fs'])}`,
  modality: n === study.series - 1 && study.modalities.includes('SR') ? 'SR' : study.modalities[0], date: study.date, time: study.time, body_part: study.part,
  instances: Math.max(1, Math.floor(study.instances / study.series)), sop_class_uid: '1.2.840.10008.5.1.4.1.1.2', has_pixels: !(n === study.series - 1 && study.modalities.includes('SR')),
}));

const all = ['echo', 'store', 'query', 'retrieve'];
const node = (ae_title, host, port, description, origin, extra = {}) => ({
  ae_title, host, port, rights: all, tls: false, any_address: false, description, preferred_transfer_syntaxes: [], certificate: '', user_required: false, origin, last_seen: ago(3600), last_echo: null, ...extra,
});
export const makeNodes = () => [
  node('CT_SCANNER', '192.168.1.20', 104, 'CT, room 2', 'configuration', { rights: ['echo', 'store'], last_seen: ago(240) }),
  node('MRI', '192.168.1.21', 104, 'Magnetic resonance', 'configuration', { rights: ['echo', 'store'] }),
  node('HOROS', '192.168.1.40', 11112, 'Dr. Hoffmann’s workstation', 'administrator', { last_echo: { ok: true, time: ago(900), message: '' } }),
  node('OLD_PACS', 'pacs.example.org', 11112, 'Former archive', 'administrator', { tls: true, last_seen: null, last_echo: { ok: false, time: ago(86400), message: 'Connection refused' } }),
  node('LAPTOP', '', 0, 'Roaming laptop', 'administrator', { any_address: true, rights: ['echo', 'query', 'retrieve'], last_seen: ago(500000) }),
];
export const makeKnocking = () => [
  { ae_title: 'ULTRASOUND2', called_ae_title: 'FERMATA', address: '192.168.1.33', wanted: 'store', reason: 'No node has this AE title.', first: ago(600), last: ago(45), times: 4 },
  { ae_title: 'HOROS', called_ae_title: 'FERMATA', address: '192.168.1.77', wanted: 'query', reason: 'HOROS is known, but at 192.168.1.40.', first: ago(9000), last: ago(8000), times: 1 },
];
export const makeStations = () => ({
  items: [
    { ae_title: 'HOROS', address: '192.168.1.40', host: 'imac.local', port: 11112, description: 'Horos', known: true },
    { ae_title: 'WEASIS', address: '192.168.1.55', host: 'reading.local', port: 11113, description: 'Weasis', known: false },
  ],
  problem: '',
});
const job = (id, title, state, done, total, extra = {}) => ({
  id: Number(id.slice(1)), kind: 'send', title, user: 'jane', state, message: '', done, total, rate: null, attempts: 1, created: ago(900), changed: ago(60), next_attempt: null, ...extra,
});
export const makeJobs = () => [
  job('j5', 'Send 1 study to HOROS', 'running', 120, 640, { rate: 18.4 }),
  job('j4', 'Send 2 studies to HOROS', 'waiting', 0, 320),
  job('j3', 'Send 1 study to OLD_PACS', 'failed', 12, 180, { message: 'OLD_PACS (pacs.example.org:11112) refused the connection. Is it switched on?', attempts: 3, next_attempt: null }),
  job('j2', 'Send 1 study to HOROS', 'done', 24, 24, { changed: ago(5000) }),
  job('j1', 'Send 3 studies to MRI', 'cancelled', 3, 96, { changed: ago(90000) }),
];

const oneImport = (id, source, kind, state, dry_run, extra = {}) => ({
  id, source, kind, state, dry_run, title: `${dry_run ? 'Look through' : 'Import'} ${source}`, message: '', user: 'jane', done: 0, total: 0, created: ago(900), changed: ago(60), next_attempt: null, rate: 300, hours: '', from: '', to: '', ...extra,
});
export const makeImports = () => [
  oneImport(32, '/import/Horos Data', 'horos', 'running', false, { done: 41200, total: 100013, message: '41190 stored, 10 not DICOM' }),
  oneImport(31, '/import/Horos Data', 'horos', 'done', true, { done: 100013, total: 100013, message: '100006 to be stored, 5 not DICOM, 2 missing' }),
];
export const importSources = [
  { path: '/import/Horos Data', name: 'Horos Data', kind: 'horos', folder: true },
  { path: '/import/CD', name: 'CD', kind: 'dicomdir', folder: true },
  { path: '/import/old.zip', name: 'old.zip', kind: 'file', folder: false },
];

export const roles = {
  administrator: ['studies.read', 'studies.store', 'studies.export', 'studies.send', 'studies.import', 'studies.label', 'studies.delete', 'nodes.read', 'nodes.manage', 'jobs.read', 'jobs.manage',
    'system.read', 'settings.read', 'metrics.read', 'users.manage', 'audit.read', 'worklist.read', 'worklist.manage'],
  clinician: ['studies.read', 'studies.export', 'studies.send', 'studies.label', 'jobs.read', 'nodes.read'],
  technician: ['studies.read', 'studies.store', 'studies.send', 'nodes.read', 'jobs.read', 'worklist.read'],
  viewer: ['studies.read'],
  auditor: ['audit.read', 'system.read'],
};
const user = (name, display_name, role, extra = {}) => ({
  name, display_name, email: `${name}@example.org`, role, also: [], enabled: true, created: ago(9e6), last_login: ago(7200), must_change_password: false, visibility: null, password: 'correct horse battery', ...extra,
});
export const makeUsers = () => [
  user('jane', 'Jane Doe', 'administrator'), user('clara', 'Dr. Clara Hoffmann', 'clinician'), user('vera', 'Vera Viewer', 'viewer'), user('tom', 'Tom Wagner', 'technician', { last_login: null, must_change_password: true }),
  user('guest', 'Guest Reader', 'viewer', { visibility: { all_of: [{ attribute: 'label', values: ['teaching'] }] } }),
  user('otto', 'Otto Old', 'auditor', { enabled: false, last_login: ago(2e7) }),
];
const item = (id, status, days, time, patient_name, patient_id, modality, station, description, origin) => ({
    id, origin, status, date: day(new Date(Date.now() + days * 86400000)), time, modality, station, station_name: '', description, step_id: id, performing_physician: '',
    patient_name, patient_name_ideographic: '', patient_id, patient_birth_date: '19700131', patient_sex: 'F', accession_number: `A${patient_id}`, referring_physician: 'House^Gregory', requested_procedure_id: id, study_instance_uid: `1.2.3.${patient_id}`,
});
export const makeWorklist = () => [
  item('file/knee.yaml/1', 'COMPLETED', 0, '0815', 'Doe^Jane', '4711', 'MR', 'MR1', 'Knee left', 'file knee.yaml'),
  item('file/knee.yaml/2', 'STARTED', 0, '0900', 'Müller-Lüdenscheidt^Maximilian', '4712', 'CT', 'CT_SCANNER', 'CT Thorax mit Kontrastmittel', 'file knee.yaml'),
  item('hl7/99', 'SCHEDULED', 0, '1130', 'Yamada^Tarou', '4713', 'US', 'US2', 'Abdomen', 'hl7'),
  item('http/1', 'SCHEDULED', 1, '000000', 'Roe^Richard', '4714', 'MR', 'MR1', '', 'by jane'),
  item('http/2', 'DISCONTINUED', 1, '1000', 'Stone^Emma', '4715', 'DX', 'DX1', 'Hand right', 'by jane'),
];
export const makeAudit = () => Array.from({ length: 260 }, (_, n) => ({
  id: 1000 - n, time: ago(n * 1700), action: pick(['study.read', 'study.export', 'login', 'study.send', 'node.change', 'study.discard']),
  outcome: random() < 0.06 ? 'refused' : random() < 0.04 ? 'failed' : 'success', user: pick(['jane', 'clara', 'vera', '']), address: `192.168.1.${40 + Math.floor(random() * 9)}`,
  object: `1.2.276.0.7230010.3.1.2.${1000000 + n}`, patient_id: `P${10000 + n}`, detail: n % 9 ? '' : '640 instances',
}));
export const makeStorage = studies => ({
  total: 4e12, available: 1.37e12, used: 2.63e12, studies: studies.length, series: 9214, instances: 731204, bytes: 2.41e12, oldest: '20110304', newest: studies[0]?.date ?? '',
  modalities: [['CT', 3100, 402113, 1.2e12], ['MR', 2900, 288110, 8.1e11], ['US', 1400, 28000, 2.1e11], ['DX', 1100, 8100, 1.1e11], ['MG', 714, 4881, 8e10]]
    .map(([modality, series, instances, bytes]) => ({ modality, series, instances, bytes })),
  full_in_days: 412,
});
export const makeArrivals = () => Array.from({ length: 365 }, (_, n) => new Date(Date.now() - (364 - n) * 86400000)).flatMap(date => {
  const weekend = date.getDay() % 6 === 0;
  return [['CT_SCANNER', 'CT', 1600], ['MR1', 'MR', 900], ['US2', 'US', 200], ['', 'DX', 12]].map(([from, modality, most]) => {
    const instances = Math.floor(random() * (weekend ? most / 10 : most));
    return { date: date.toISOString().slice(0, 10).replaceAll('-', ''), node: from, modality, instances, bytes: instances * 620000 };
  }).filter(({ instances }) => instances > 0);
});
export const makeHealth = () => ({
  version: '0.1.0', started: ago(400000),
  plugins: ['storage-filesystem', 'index-rocksdb', 'archive', 'application-entities', 'dimse', 'http', 'dicomweb', 'viewer-ohif', 'codecs', 'accounts', 'jobs', 'transfers', 'admin']
    .map(plugin => ({ instance: plugin, plugin, version: '0.1.0', state: 'serving', required: ['archive', 'storage-filesystem', 'index-rocksdb'].includes(plugin), reason: '' }))
    .concat([{ instance: 'discovery', plugin: 'discovery', version: '0.1.0', state: 'left_out', required: false, reason: 'avahi-daemon does not run' }]),
  warnings: [{ plugin: 'http', condition: 'plain-http', failing: false, since: ago(400000), text: 'The web page is served without TLS.', remedy: 'Give http a certificate, or put a proxy with TLS in front and keep http on 127.0.0.1.' }],
});
export const makeSettings = () => [
  ['dimse', 'ae_title', 'FERMATA', 'config/quickstart.yaml:14', 'The AE title under which the archive is called.'],
  ['dimse', 'port', 11112, 'environment FERMATA_DIMSE_PORT', 'The TCP port for DICOM.'],
  ['dimse', 'max_associations', 64, 'default', 'How many callers are served at the same time.'],
  ['http', 'port', 8080, 'default', 'The TCP port for HTTP.'], ['http', 'prefix', '', 'default', 'The path below which everything is served, for a proxy.'],
  ['trash', 'days', 30, 'config/quickstart.yaml:40', 'For how many days a deleted study can be restored.'],
  ['storage-filesystem', 'folder', '/var/lib/fermata/objects', 'config/quickstart.yaml:8', 'Where the files are kept.'],
  ['archive', 'on_duplicate', ['keep_first', 'compare'], 'default', 'What happens when an object arrives again with other bytes.'],
].map(([instance, option, value, origin, description]) => ({ instance, option, value: typeof value === 'string' ? value : JSON.stringify(value), origin, description }));
