// The HTTP API of the archive in memory, for this application's own tests and for working on it without an archive:
//   node tests/mock/server.mjs PORT FOLDER [first-start|no-accounts|empty]
// Below /mock/ are levers: what happens by itself in a real archive.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename, extname, join, normalize } from 'node:path';
import * as data from './data.mjs';
import { picture } from './png.mjs';

const [port, folder, mode = ''] = process.argv.slice(2);
const studies = mode === 'empty' || mode === 'first-start' ? [] : data.makeStudies(1200);
const series = new Map();
const trash = [];
const nodes = data.makeNodes();
let knocking = mode === 'empty' ? [] : data.makeKnocking();
let jobs = mode === 'empty' ? [] : data.makeJobs();
let imports = mode === 'empty' ? [] : data.makeImports();
const users = mode === 'first-start' ? [] : data.makeUsers();
const audit = data.makeAudit();
let worklist = mode === 'empty' || mode === 'first-start' ? [] : data.makeWorklist();
const stations = data.makeStations();
const storage = data.makeStorage(studies);
const arrivals = mode === 'empty' || mode === 'first-start' ? [] : data.makeArrivals();
const health = data.makeHealth();
const backups = {
  destination: '/mnt/backup/fermata', at: '02:30', every_seconds: 0, trouble: null, last_good: data.ago(30000), failure: null, job: null,
  report: '8,214 files, 3.1 GiB, of which 120 (41.0 MiB) are new since the backup before',
  backups: [{ name: '2026-11-27T02-30-00Z', made: '2026-11-27T02:30:00Z' }, { name: '2026-11-26T02-30-00Z', made: '2026-11-26T02:30:00Z' }],
};
const verification = {
  began: data.ago(9e5), ended: data.ago(8e5), objects: 8211, bytes: 3.3e9, healed: 1, open: 0, job: null, rate: 33554432,
  findings: ['2026/11/22/181633042/0007.dcm: its checksum is not the one at receipt; repaired from /mnt/backup/fermata/2026-11-26T02-30-00Z/storage-filesystem'],
};
const log = Array.from({ length: 120 }, (_, n) => ({
  number: n + 1, level: ['info', 'info', 'debug', 'info', 'warning', 'error'][n % 6], time: data.ago(600 - n * 5), instance: ['dimse', 'archive', 'http'][n % 3],
  message: ['association accepted', 'instance stored', 'request answered', 'study complete', 'caller refused', 'cannot reach OLD_PACS'][n % 6], fields: `ae_title=CT_SCANNER milliseconds=${n * 3 % 40}`,
}));
const sessions = new Map();
const uploaded = new Set();
const setups = new Map(mode === 'first-start' ? [['FIRST', null]] : [['INVITED', 'tom']]);
let tokens = [{ id: 't1', label: 'backup script', created: data.ago(9e5), expires: null, last_used: data.ago(3600), permissions: ['studies.read', 'studies.export'] }];
let wrong = 0;
let changes = 1;
let next = 1;

class Problem extends Error {
  constructor(status, detail, headers = {}) {
    super(detail);
    Object.assign(this, { status, headers });
  }
}
const find = (list, test, what) => list.find(test) ?? (() => { throw new Problem(404, `There is no ${what}.`); })();
const shown = ({ password: _password, ...user }) => user;
const sessionBody = user => ({
  setup_needed: users.length === 0,
  user: user ? { name: user.name, display_name: user.display_name, email: user.email, role: user.role, permissions: [...data.roles[user.role], ...user.also], must_change_password: user.must_change_password, sees_all_studies: !user.visibility } : null,
});
const signIn = (user, request, response) => {
  const id = `s${next++}`;
  sessions.set(id, { user: user.name, created: data.ago(0), agent: request.headers['user-agent'] ?? '' });
  response.setHeader('Set-Cookie', `session=${id}; HttpOnly; SameSite=Strict; Path=/`);
  user.last_login = data.ago(0);
  return sessionBody(user);
};
const fold = text => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

function search(q) {
  const words = fold(q.get('search') ?? '').split(/\s+/).filter(Boolean);
  const modalities = (q.get('modality') ?? '').split(',').filter(Boolean);
  const found = studies.filter(study => {
    const text = fold(`${study.patient_name.replaceAll('^', ' ')} ${study.patient_id} ${study.accession_number} ${study.description}`).split(/\s+/);
    return words.every(word => text.some(part => part.startsWith(word))) && (modalities.length === 0 || study.modalities.some(m => modalities.includes(m)))
      && study.date >= (q.get('date_from') ?? '') && study.date <= (q.get('date_to') || '99999999') && (!q.get('label') || study.labels.includes(q.get('label')));
  });
  const by = { patient_name: (a, b) => fold(a.patient_name).localeCompare(fold(b.patient_name)), oldest_first: (a, b) => `${a.date}${a.time}`.localeCompare(`${b.date}${b.time}`) };
  const order = q.get('order') ?? '';
  if (order.startsWith('patient_name')) found.sort(by.patient_name);
  if (order === 'oldest_first') found.sort(by.oldest_first);
  if (order.endsWith('reversed')) found.reverse();
  const offset = Number(q.get('offset') ?? 0);
  const limit = Number(q.get('limit') ?? 50);
  return { items: found.slice(offset, offset + limit), more: found.length > offset + limit };
}

function work() {
  for (const job of jobs) {
    if (job.state === 'waiting' && !jobs.some(other => other.state === 'running')) Object.assign(job, { state: 'running', rate: 40 });
    else if (job.state === 'running') {
      job.done = Math.min(job.total, job.done + 37);
      job.changed = data.ago(0);
      if (job.done === job.total) Object.assign(job, { state: 'done', rate: null });
    }
  }
}
setInterval(work, 700).unref();
const later = ms => new Promise(resolve => { setTimeout(resolve, ms); });

const routes = {
  'GET session': ({ user }) => { if (mode === 'no-accounts') throw new Problem(404, 'No such route.'); return sessionBody(user); },
  'POST session': async ({ body, request, response }) => {
    await later(150);
    const user = users.find(other => other.name === body.name && other.password === body.password && other.enabled);
    if (user) { wrong = 0; return signIn(user, request, response); }
    wrong += 1;
    if (wrong > 3) throw new Problem(429, 'Too many attempts.', { 'Retry-After': '8' });
    throw new Problem(401, 'Name or password is wrong.');
  },
  'DELETE session': ({ cookie }) => { sessions.delete(cookie); },
  'GET setup': ({ q }) => {
    if (!setups.has(q.get('token'))) throw new Problem(404, 'This link has ended.');
    const user = users.find(other => other.name === setups.get(q.get('token')));
    return { name: user?.name ?? null, display_name: user?.display_name ?? '' };
  },
  'POST setup': ({ body, request, response }) => {
    if (!setups.has(body.token)) throw new Problem(404, 'This link has ended.');
    const name = setups.get(body.token) ?? body.name;
    let user = users.find(other => other.name === name);
    if (!user) users.push(user = { name, email: '', role: 'administrator', enabled: true, created: data.ago(0), visibility: null });
    Object.assign(user, { display_name: body.display_name || name, password: body.password, must_change_password: false });
    setups.delete(body.token);
    return signIn(user, request, response);
  },
  'PUT session/password': ({ body, user }) => {
    if (user.password !== body.old) throw new Problem(403, 'The present password is not right.');
    Object.assign(user, { password: body.new, must_change_password: false });
  },
  'GET session/tokens': () => ({ items: tokens }),
  'POST session/tokens': ({ body, status }) => {
    const id = `t${next++ + 1}`;
    tokens.push({ id, label: body.label, created: data.ago(0), expires: body.expires_days ? data.ago(-86400 * body.expires_days) : null, last_used: null, permissions: body.permissions });
    status(201);
    return { id, token: `fermata_${id}_Zm9yZXZlciB5b3VycyBidXQgb25seSBvbmNl` };
  },
  'DELETE session/tokens/:id': ({ id }) => { tokens = tokens.filter(token => token.id !== id); },
  'GET session/sessions': ({ user, cookie }) => ({ items: [...sessions].filter(([, s]) => s.user === user.name).map(([id, s]) => ({ id, created: s.created, last_used: data.ago(0), address: '127.0.0.1', user_agent: s.agent, current: id === cookie })) }),
  'DELETE session/sessions/:id': ({ id }) => { sessions.delete(id); },
  'GET roles': () => ({ items: Object.entries(data.roles).map(([name, permissions]) => ({ name, permissions })) }),
  'GET users': () => ({ items: users.map(shown) }),
  'POST users': ({ body, status }) => {
    if (users.some(user => user.name === body.name)) throw new Problem(409, `There is a user ${body.name} already.`);
    const user = { enabled: true, created: data.ago(0), last_login: null, must_change_password: Boolean(body.password), visibility: null, also: [], ...body };
    users.push(user);
    setups.set(`T${next}`, user.name);
    status(201);
    return { ...shown(user), setup_link: `/?setup=T${next++}` };
  },
  'PATCH users/:name': ({ body, name }) => {
    const user = find(users, other => other.name === name, 'such user');
    if (user.role === 'administrator' && (body.enabled === false || (body.role ?? user.role) !== user.role) && users.filter(other => other.role === 'administrator' && other.enabled).length === 1)
      throw new Problem(409, 'This is the last administrator who is enabled.');
    return shown(Object.assign(user, body));
  },
  'DELETE users/:name': ({ name }) => { users.splice(users.indexOf(find(users, other => other.name === name, 'such user')), 1); },
  'POST users/:name/reset': ({ name }) => { setups.set(`T${next}`, name); return { setup_link: `/?setup=T${next++}` }; },
  'GET users/:name/sessions': ({ name, cookie }) => ({ items: [...sessions].filter(([, s]) => s.user === name).map(([id, s]) => ({ id, created: s.created, last_used: data.ago(60), address: '192.168.1.40', user_agent: s.agent, current: id === cookie })) }),
  'DELETE users/:name/sessions/:id': ({ id }) => { sessions.delete(id); },
  'GET users/:name/tokens': () => ({ items: [] }),
  'GET studies': ({ q }) => search(q),
  'GET studies/:study': ({ study }) => {
    const found = find(studies, other => other.study_instance_uid === study, 'such study');
    if (!series.has(study)) series.set(study, data.seriesOf(found));
    return { ...found, series_list: series.get(study) };
  },
  'PUT studies/:study/labels': ({ study, body }) => { changes += 1; return { labels: find(studies, other => other.study_instance_uid === study, 'such study').labels = body.labels }; },
  'GET labels': () => {
    const counts = new Map();
    for (const label of studies.flatMap(study => study.labels)) counts.set(label, (counts.get(label) ?? 0) + 1);
    return { items: [...counts].map(([label, n]) => ({ label, studies: n })) };
  },
  'GET studies/:study/download': ({ response }) => { response.setHeader('Content-Type', 'application/zip'); response.end('PK'); return 'sent'; },
  'DELETE studies/:study': ({ study, user }) => {
    const found = find(studies, other => other.study_instance_uid === study, 'such study');
    studies.splice(studies.indexOf(found), 1);
    trash.unshift({ ...found, user: user?.name ?? '', discarded_at: data.ago(0), purge_at: data.ago(-30 * 86400), bytes: found.instances * 530000 });
    changes += 1;
    return { instances: found.instances, purge_at: trash[0].purge_at };
  },
  'GET worklist': ({ q }) => ({
    items: worklist.filter(item => fold(`${item.patient_name} ${item.patient_id} ${item.accession_number} ${item.description}`).includes(fold(q.get('search') ?? ''))
      && (!q.get('status') || item.status === q.get('status')) && item.date >= (q.get('date_from') ?? '') && item.date <= (q.get('date_to') || '99999999')),
    more: false, folder: '/var/lib/fermata/worklist',
  }),
  'POST worklist': ({ body, user, status }) => {
    status(201);
    const added = {
      ...data.makeWorklist()[3], id: `http/${next++}`, origin: `by ${user.name}`, status: 'SCHEDULED', date: body.ScheduledProcedureStepStartDate.replaceAll('-', ''), time: (body.ScheduledProcedureStepStartTime ?? '000000').replace(':', ''),
      patient_name: body.PatientName, patient_id: body.PatientID, modality: body.Modality, station: body.ScheduledStationAETitle, description: body.ScheduledProcedureStepDescription ?? '', accession_number: body.AccessionNumber ?? '',
    };
    worklist = [...worklist, added].sort((a, b) => `${a.date}${a.time}`.localeCompare(`${b.date}${b.time}`));
    return { items: [added] };
  },
  'PUT worklist/:id/status': ({ id, body }) => Object.assign(find(worklist, item => item.id === id, 'worklist item'), body),
  'DELETE worklist/:id': ({ id }) => { worklist = worklist.filter(item => item.id !== id); },
  'GET trash': () => ({ items: trash }),
  'POST trash/:study/restore': ({ study }) => {
    const found = find(trash, other => other.study_instance_uid === study, 'such study in the trash');
    trash.splice(trash.indexOf(found), 1);
    studies.push(found);
    studies.sort((a, b) => `${b.date}${b.time}`.localeCompare(`${a.date}${a.time}`));
    changes += 1;
    return { instances: found.instances };
  },
  'DELETE trash/:study': ({ study }) => { trash.splice(trash.indexOf(find(trash, other => other.study_instance_uid === study, 'such study in the trash')), 1); },
  'POST send': ({ body, user, status }) => {
    const id = 100 + next++;
    const total = studies.filter(study => body.studies.includes(study.study_instance_uid)).reduce((sum, study) => sum + study.instances, 0);
    jobs.unshift({ id, kind: 'send', title: `Send ${body.studies.length} to ${body.node}`, user: user?.name ?? '', state: 'waiting', message: '', done: 0, total, rate: null, attempts: 1, created: data.ago(0), changed: data.ago(0), next_attempt: null });
    status(202);
    return { job: id };
  },
  'POST upload': async ({ q, bytes }) => {
    const file = q.get('name');
    await later(200);
    if (bytes.subarray(128, 132).toString() !== 'DICM') return { results: [{ file, outcome: 'not_dicom', reason: '', study_instance_uid: '', sop_instance_uid: '' }] };
    if (!studies.some(study => study.study_id === 'uploaded')) studies.unshift({ ...data.makeStudy(90001, 0), patient_name: 'Upload^Ulla', study_id: 'uploaded', series: 1 });
    changes += 1;
    const known = uploaded.has(basename(file));
    uploaded.add(basename(file));
    return { results: [{ file, outcome: known ? 'identical' : 'stored', reason: '', study_instance_uid: studies[0].study_instance_uid, sop_instance_uid: `1.2.3.${next++}` }] };
  },
  'GET nodes': () => ({ items: nodes }),
  'PUT nodes/:ae': ({ ae, body }) => {
    const old = nodes.find(node => node.ae_title === ae);
    if (old?.origin === 'configuration') throw new Problem(409, `${ae} is in the configuration file.`);
    const node = { last_seen: null, last_echo: null, ...old, ...body, ae_title: ae, origin: 'administrator' };
    if (old) nodes[nodes.indexOf(old)] = node;
    else nodes.push(node);
    knocking = knocking.filter(knock => knock.ae_title !== ae);
    return node;
  },
  'DELETE nodes/:ae': ({ ae }) => { nodes.splice(nodes.indexOf(find(nodes, node => node.ae_title === ae, 'such node')), 1); },
  'POST nodes/:ae/echo': async ({ ae }) => {
    await later(400);
    const node = find(nodes, other => other.ae_title === ae, 'such node');
    const ok = ae !== 'OLD_PACS';
    node.last_echo = { ok, time: data.ago(0), message: ok ? '' : 'Connection refused' };
    return { ok, milliseconds: 14, message: ok ? '' : 'pacs.example.org:11112 refused the connection.' };
  },
  'GET knocking': () => ({ items: knocking }),
  'POST knocking/admit': ({ body, status }) => {
    knocking = knocking.filter(knock => knock.ae_title !== body.ae_title || knock.address !== body.address);
    const node = { ae_title: body.ae_title, host: body.address, port: body.port ?? 11112, rights: body.rights ?? ['echo', 'store'], tls: false, any_address: false, description: '', preferred_transfer_syntaxes: [], certificate: '', user_required: false, origin: 'administrator', last_seen: null, last_echo: null };
    nodes.push(node);
    status(201);
    return node;
  },
  'DELETE knocking': ({ q }) => { knocking = knocking.filter(knock => knock.ae_title !== q.get('ae_title') || knock.address !== q.get('address')); },
  'GET stations': () => stations,
  'POST nodes/:ae/assistant': async ({ ae, response, request }) => {
    const german = request.headers['accept-language']?.startsWith('de');
    const bad = ae === 'OLD_PACS';
    response.setHeader('Content-Type', 'application/x-ndjson');
    const steps = [
      ['tcp', bad ? 'failed' : 'ok', german ? 'Netzverbindung' : 'Network connection', bad ? 'Connection refused' : '3 ms', bad ? (german ? 'Läuft das Programm dort, und lässt die Firewall den Port 11112 durch?' : 'Does the program run there, and does the firewall let port 11112 through?') : ''],
      ['echo', bad ? 'skipped' : 'ok', 'C-ECHO', '', ''], ['query', bad ? 'skipped' : 'ok', german ? 'Suche (C-FIND)' : 'Query (C-FIND)', '', ''], ['send', bad ? 'skipped' : 'ok', german ? 'Senden (C-STORE)' : 'Send (C-STORE)', '', ''],
      ['callback', 'skipped', german ? 'Andere Richtung' : 'The other direction', german ? 'Das Gerät hat noch nicht angerufen.' : 'It has not called yet.', ''],
    ];
    for (const [step, state, title, detail, remedy] of steps) {
      await later(350);
      response.write(`${JSON.stringify({ step, state, title, detail, remedy })}\n`);
    }
    response.end();
    return 'sent';
  },
  'GET connection': ({ request }) => ({ ae_title: 'FERMATA', port: 11112, addresses: ['192.168.1.10', 'fermata.local'], base_url: `http://${request.headers.host}`, dicomweb_url: `http://${request.headers.host}/dicom-web`, wado_uri: `http://${request.headers.host}/wado` }),
  'GET imports': () => ({ items: imports, folders: ['/import'] }),
  'GET imports/sources': ({ q }) => (q.get('path')
    ? { path: '/import', parent: null, kind: 'folder', items: data.importSources, more: false }
    : { path: null, items: [{ path: '/import', name: 'import', kind: 'folder', folder: true }], more: false }),
  'GET imports/:id': ({ id }) => ({
    ...find(imports, one => one.id === Number(id), 'such import'), bytes: 5e9,
    counts: { found: 100013, stored: 0, new: 100006, present: 0, duplicate: 0, replaced: 0, differs: 0, refused: 0, not_dicom: 5, unreadable: 0, missing: 2, lost: 0, noted: 0 },
    reasons: [{ outcome: 'missing', reason: 'the database names it, but it is not there', files: 2 }],
  }),
  'POST imports': ({ body, status }) => {
    const id = 100 + next++;
    imports.unshift({ ...imports[0], id, source: body.source, dry_run: body.dry_run, state: 'running', done: 0 });
    status(202);
    return { job: id };
  },
  'GET jobs': () => ({ items: jobs }),
  'POST jobs/:id/cancel': ({ id }) => { Object.assign(find(jobs, job => job.id === Number(id), 'such job'), { state: 'cancelled', rate: null }); },
  'POST jobs/:id/retry': ({ id }) => { Object.assign(find(jobs, job => job.id === Number(id), 'such job'), { state: 'waiting', message: '' }); },
  'DELETE jobs/:id': ({ id }) => { jobs = jobs.filter(job => job.id !== Number(id)); },
  'GET audit': ({ q }) => {
    const found = audit.filter(entry => entry.user.includes(q.get('user') ?? '') && entry.action.includes(q.get('action') ?? '') && (!q.get('before') || entry.id < Number(q.get('before')))
      && entry.time >= (q.get('from') ?? '') && entry.time <= (q.get('to') || '9') && entry.object.includes(q.get('object') ?? ''));
    const limit = Number(q.get('limit') ?? 100);
    return { items: found.slice(0, limit), more: found.length > limit };
  },
  'GET state': () => ({ changes, knocking: knocking.length, jobs_running: jobs.filter(job => job.state === 'running').length, jobs_failed: jobs.filter(job => job.state === 'failed').length, trash: trash.length, degraded: true, version: '0.1.0' }),
  'GET health': () => health,
  'GET log': ({ q }) => {
    if (log.length < 4000) log.push({ ...log[log.length % 6], number: log.length + 1, time: data.ago(0) });
    return { items: log.filter(entry => entry.number > Number(q.get('after') ?? 0)) };
  },
  'GET storage': () => storage,
  'GET statistics': () => ({ items: arrivals }),
  'GET backups': () => backups,
  'GET verification': () => verification,
  'GET index': () => ({ renewable: true, job: null }),
  'GET settings': () => ({ items: data.makeSettings() }),
  'GET extensions': () => ({ items: [
    { kind: 'study_action', id: 'viewer-ohif', label_en: 'View', label_de: 'Ansehen', url: '/viewer?StudyInstanceUIDs={study}', new_tab: true },
    { kind: 'page', id: 'dose', label_en: 'Dose', label_de: 'Dosis', url: '/dose-page', new_tab: false },
  ] }),
};
const levers = {
  'POST arrive': ({ body }) => {
    const study = { ...data.makeStudy(80000 + next++, 0), time: '235959', ...body };
    studies.unshift(study);
    changes += 1;
    return study;
  },
  'POST knock': ({ body }) => { knocking.unshift({ called_ae_title: 'FERMATA', address: '127.0.0.1', wanted: 'store', reason: 'No node has this AE title.', first: data.ago(0), last: data.ago(0), times: 1, ...body }); },
  'POST end-sessions': () => { sessions.clear(); },
};
const open = new Set(['GET session', 'POST session', 'DELETE session', 'GET setup', 'POST setup']);

function match(table, method, path) {
  const parts = path.split('/').map(decodeURIComponent);
  for (const [key, run] of Object.entries(table)) {
    const [verb, pattern] = key.split(' ');
    const wanted = pattern.split('/');
    if (verb !== method || wanted.length !== parts.length || !wanted.every((part, n) => part.startsWith(':') || part === parts[n])) continue;
    return { key, run, values: Object.fromEntries(wanted.flatMap((part, n) => (part.startsWith(':') ? [[part.slice(1), parts[n]]] : []))) };
  }
  return null;
}

async function answerApi(request, response, url, table, path) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const cookie = /session=(\w+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
  const user = users.find(other => other.name === sessions.get(cookie)?.user);
  let code = 200;
  try {
    const found = match(table, request.method, path);
    if (!found) throw new Problem(404, 'No such route.');
    if (table === routes && mode !== 'no-accounts' && !open.has(found.key) && !user) throw new Problem(401, 'Sign in first.');
    const json = request.headers['content-type'] === 'application/json' && bytes.length > 0 ? JSON.parse(bytes) : {};
    const result = await found.run({ ...found.values, q: url.searchParams, body: json, bytes, user, cookie, request, response, status: value => { code = value; } });
    if (result === 'sent') return;
    response.writeHead(result === undefined ? 204 : code, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    response.end(result === undefined ? undefined : JSON.stringify(result));
  } catch (error) {
    if (!(error instanceof Problem)) console.error(error);
    response.writeHead(error.status ?? 500, { 'Content-Type': 'application/problem+json', ...error.headers });
    response.end(JSON.stringify({ status: error.status ?? 500, title: 'Problem', detail: error.message }));
  }
}

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
async function answerFile(response, path) {
  response.setHeader('Content-Security-Policy', "default-src 'self'; frame-ancestors 'self'; form-action 'self'; base-uri 'self'");
  const name = extname(path) ? normalize(path) : '/index.html';
  try {
    const bytes = await readFile(join(folder, name));
    response.writeHead(200, { 'Content-Type': types[extname(name)] ?? 'application/octet-stream' });
    response.end(name === '/index.html' ? bytes.toString().replace('<head>', '<head><base href="/">') : bytes);
  } catch {
    response.writeHead(404).end();
  }
}

createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const path = url.pathname;
  if (path.startsWith('/api/')) await answerApi(request, response, url, routes, path.slice(5));
  else if (path.startsWith('/mock/')) await answerApi(request, response, url, levers, path.slice(6));
  else if (path.endsWith('/thumbnail')) {
    await later(120);
    response.writeHead(200, { 'Content-Type': 'image/png' }).end(picture(path));
  } else if (path === '/viewer' || path === '/dose-page') response.writeHead(200, { 'Content-Type': 'text/html' }).end('<title>Plugin</title><h1>A page of a plugin</h1>');
  else await answerFile(response, path);
}).listen(Number(port), '127.0.0.1', () => console.log(`http://127.0.0.1:${port}/`));
