import { describe, expect, it } from 'vitest';
import type { JobState } from '../../src/api/types';
import { de } from '../../src/i18n/de';
import { en } from '../../src/i18n/en';
import { formatFor } from '../../src/i18n/format';
import { sayer } from '../../src/i18n/said';
import { saidDe } from '../../src/i18n/said_de';
import { jobTitle } from '../../src/pages/queue/job_title';
import { stageOf } from '../../src/pages/studies/JobProgress';

describe('the title of a job', () => {
  const german = (kind: string, title: string) => jobTitle({ kind, title }, de, formatFor('de'), sayer(saidDe));
  it('is in the language of the page', () => {
    expect(german('send', 'Send 1 study to WS')).toBe('1 Studie an WS senden');
    expect(german('send', 'Send 12 series to ROOM 2')).toBe('12 Serien an ROOM 2 senden');
    expect(german('send', 'Send 2 studies and 1 series to WS')).toBe('2 Studien und 1 Serie an WS senden');
    expect(german('verify', 'Verify the archive')).toBe('Archiv prüfen');
    expect(jobTitle({ kind: 'send', title: 'Send 1 study to WS' }, en, formatFor('en'), text => text)).toBe('Send 1 study to WS');
  });
  it('is what the server says where it is not known', () => {
    expect(german('of-a-plugin', 'Send 1 study to WS')).toBe('Send 1 study to WS');
    expect(german('send', 'Something new')).toBe('Something new');
  });
});

describe('the stage of a sending job', () => {
  const stage = (state: JobState, next_attempt: string | null = null, attempts = 1, done = 0) => stageOf({ state, next_attempt, attempts, done });
  it('is trouble when it waits for another attempt', () => {
    expect(stage('waiting', '2026-11-28T03:00:00Z')).toBe('trouble');
    expect(stage('waiting')).toBe('underway');
  });
  it('stays trouble during the next attempt, until something gets through', () => {
    expect(stage('running', null, 2)).toBe('trouble');
    expect(stage('running', null, 2, 1)).toBe('underway');
  });
  it('is over when the job is', () => {
    expect([stage('done'), stage('failed'), stage('cancelled')]).toEqual(['done', 'failed', 'cancelled']);
    expect([stage('running'), stageOf(undefined)]).toEqual(['underway', 'underway']);
  });
});
