import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sayer } from '../../src/i18n/said';
import { saidDe } from '../../src/i18n/said_de';

const say = sayer(saidDe);

describe('what the server says', () => {
  it('is said in the language of the page, with what differs in its place', () => {
    expect(say('3 jobs have failed')).toBe('3 Aufträge sind fehlgeschlagen');
    expect(say('The certificate for HTTPS (CN=pacs) expires in 3 days, on 2026-12-01')).toBe('Das Zertifikat für HTTPS (CN=pacs) läuft in 3 Tagen ab, am 2026-12-01');
    expect(say('no association with WS at 10.0.0.7 port 104: nobody answers at 10.0.0.7 port 104: Connection refused')).toBe('keine Verbindung zu WS (10.0.0.7, Port 104): unter 10.0.0.7, Port 104, antwortet niemand: Verbindung abgelehnt');
    expect(say('it calls PACS, but this is FERMATA')).toBe('Es ruft PACS, dieses Archiv heißt aber FERMATA.');
  });
  it('is said part by part where it is a list', () => {
    expect(say('12 stored, 3 not DICOM, 15 verified')).toBe('12 gespeichert, 3 kein DICOM, 15 geprüft');
    expect(say('2 studies: 12 stored')).toBe('2 Studien: 12 gespeichert');
    expect(say('sending to WS, 2 were not taken')).toBe('wird an WS gesendet, 2 wurden nicht angenommen');
  });
  it('keeps the words of others within it', () => {
    expect(say("the ZIP file can't be read on: Truncated ZIP file header")).toBe('die ZIP-Datei ist nicht weiter lesbar: Truncated ZIP file header');
    expect(say('The last backup failed: No space left on device')).toBe('Die letzte Sicherung ist fehlgeschlagen: No space left on device');
    expect(say('The program runs without dimse: port 104 is taken')).toBe('Das Programm läuft ohne dimse: port 104 is taken');
  });
  it('is shown as it is where nobody has translated it', () => {
    expect(say('something new')).toBe('something new');
    expect(say('12 stored, and something new')).toBe('12 stored, and something new');
    expect(say('')).toBe('');
  });
  it('has each sentence once, and takes up all that differs', () => {
    expect(new Set(saidDe.map(([english]) => english)).size).toBe(saidDe.length);
    for (const [english, own] of saidDe) {
      const count = english.split(/\{#?\}/).length - 1;
      expect([...own.matchAll(/\{(\d)\}/g)].map(([, n]) => Number(n)).toSorted((a, b) => a - b), english).toEqual(Array.from({ length: count }, (_, n) => n + 1));
    }
  });
});

/** Where the program makes the sentences that the page shows: files, and where in them if not everywhere. */
const kPlugins = join('..', '..');
const sources = (folder: string): string[] =>
  readdirSync(join(kPlugins, folder), { withFileTypes: true }).flatMap(entry => {
    if (entry.isDirectory()) return ['tests', 'web'].includes(entry.name) ? [] : sources(join(folder, entry.name));
    return /\.[ch]pp$/.test(entry.name) ? [join(folder, entry.name)] : [];
  });
const kCalls = /(?:\.condition|\btell(?=\(")|\bprogress|turn_away)\(((?:[^;"]|"(?:[^"\\]|\\.)*")*?)\);/gs;
/** Where an audit event gets its detail. */
const kDetails = /(?:\btell\(request|events\w*\.changed\(|audit_\.success\(|\bnote\((?:request|\*)|\bdetail (?:\+?=) ?)((?:[^;"]|"(?:[^"\\]|\\.)*")*?);/gs;
const kBodies: [file: string, functions: RegExp][] = [
  ['libraries/tls/expiry.cpp', /std::string expiry_text.*?\n\}/s], ['libraries/tls/expiry.cpp', /const auto name =.*?;\n.*?const auto renew =.*?;/s],
  ['backup/backup_schedule.cpp', /std::string trouble\(.*?\n\}/s], ['backup/verification.cpp', /std::string Verification::trouble.*?\n\}/s], ['backup/verification.cpp', /std::string VerificationState::text.*?\n\}/s],
  ['backup/destination.cpp', /std::string not_there.*?\n\}/s], ['backup/backup_maker.cpp', /std::string BackupReport::so_far.*?\n\}/s], ['backup/backup_maker.cpp', /std::string BackupReport::text.*?\n\}/s],
  ['archive/recovery/online_reindex.cpp', /std::string summary.*?\n\}/s], ['archive/recovery/online_reindex.cpp', /const auto text =.*?;/s], ['import/file_import.cpp', /std::string summary.*?\n\}/s], ['import/import_plan.cpp', /std::string what\(.*?\n\}/s],
  ['transfers/send_runner.cpp', /const auto failed = .*?;/s], ['transfers/send_state.cpp', /std::string text = .*?;/s], ['dimse/admission/rejection.hpp', /refusal_text.*?\n\}/s], ['dimse/node_certificates.cpp', /text \+= .*?;/s],
  ['discovery/avahi_connection.cpp', /constexpr [^;]*can't find each other.*?;/s], ['discovery/avahi_connection.cpp', /constexpr [^;]*is not watched.*?;/s],
  ['jobs/job_table.cpp', /view\.job\.message = .*?;/s], ['jobs/transitions.cpp', /job\.message [+]?= .*?;/gs],
];

/** The texts in a piece of C++, those that stand one behind another joined. */
function texts(code: string): string[] {
  const found = code.replace(/"\s*\n\s*"/g, '').matchAll(/"((?:[^"\\]|\\.)*)"/g);
  return [...found].map(([, text = '']) => text.replaceAll(String.raw`\"`, '"'));
}

describe('the German sentences', () => {
  const english = saidDe.map(([sentence]) => sentence).join('\n');
  // Names of conditions, units, separators: what has no two words is no sentence.
  const missing = (code: string) => texts(code).map(text => text.replace(/^[\s:;,.()]+|[\s:;,.(]+$/g, '')).filter(text => /[a-z]{2,} [a-z]/i.test(text) && !english.includes(text));

  it('cover the conditions, the messages of jobs and the reasons of refusals', () => {
    const folders = ['admin', 'archive', 'backup', 'dimse', 'import', 'jobs', 'libraries', 'transfers'];
    let calls = 0;
    const gaps = folders.flatMap(sources).flatMap(file => {
      const code = readFileSync(join(kPlugins, file), 'utf8');
      return [...code.matchAll(kCalls)].flatMap(([call]) => { calls += 1; return missing(call); }).map(text => `${file}: ${text}`);
    });
    expect(gaps).toEqual([]);
    expect(calls).toBeGreaterThan(30);
  });
  it('cover what these are put together of', () => {
    for (const [file, functions] of kBodies) {
      const found = readFileSync(join(kPlugins, file), 'utf8').match(functions);
      expect(found, `${file} has no ${functions}`).not.toBeNull();
      for (const body of found ?? []) expect(missing(body), file).toEqual([]);
    }
    const host = /"left-out".*?left_out_us/s.exec(readFileSync(join(kPlugins, '..', 'host/running', 'program_status.cpp'), 'utf8'))?.[0] ?? '';
    expect(texts(host).length).toBeGreaterThan(2);
    expect(missing(host)).toEqual([]);
  });
  it('cover the details of the audit trail', () => {
    let details = 0;
    const gaps = ['accounts', 'admin', 'audit', 'backup', 'dicomweb', 'dimse', 'import', 'transfers', 'worklist'].flatMap(sources).flatMap(file => {
      const code = readFileSync(join(kPlugins, file), 'utf8');
      return [...code.matchAll(kDetails)].flatMap(([detail]) => { details += 1; return missing(detail); }).map(text => `${file}: ${text}`);
    });
    expect(gaps).toEqual([]);
    expect(details).toBeGreaterThan(20);
    expect(say('at CT1: STUDY by PatientID, StudyDate')).toBe('an CT1: Studien nach PatientID, StudyDate');
    expect(say('to WS, 3 instances sent, 1 failed')).toBe('an WS, 3 Bilder gesendet, 1 fehlgeschlagen');
    expect(say('changed, disabled, role clinician, also studies.store, new password')).toBe('geändert, gesperrt, Rolle Ärztin oder Arzt, außerdem studies.store, neues Passwort');
    expect(say('DICOM association of CT1: it has to say who its user is, and prove it')).toBe('DICOM-Verbindung von CT1: es muss seinen Benutzer nennen und ausweisen');
  });
  it('say what a node did not take', () => {
    expect(say('1 of 9 instances were not taken by WS: status 0x0110. It is 1.2.3. All others were sent.')).toBe('1 von 9 Bildern hat WS nicht angenommen: status 0x0110. Es ist 1.2.3. Alle anderen wurden gesendet.');
  });
  it('cover the titles of jobs', () => {
    for (const title of ['Make the index anew', 'Verify the archive', 'Verify the archive, and repair it from PACS2', 'Backup to /mnt', 'Import the folder /cd', 'Look through the Horos or OsiriX folder /x', 'Import the studies of node PACS2'])
      expect(say(title)).not.toBe(title);
  });
});
