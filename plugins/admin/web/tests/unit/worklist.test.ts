import { describe, expect, it } from 'vitest';
import { de } from '../../src/i18n/de';
import { en } from '../../src/i18n/en';
import { fileOf, originText } from '../../src/pages/worklist/origin';
import { emptyEntry, missing, toRequest } from '../../src/pages/worklist/request';

const entry = { ...emptyEntry(new Date(2026, 1, 3)), family: 'Doe', patientId: '4711', modality: 'mr', station: 'MR1' };

describe('an entry of the worklist', () => {
  it('is for today until another day is chosen', () => {
    expect(entry.date).toBe('2026-02-03');
  });
  it('lacks what modalities need to know, and nothing else', () => {
    expect(missing(emptyEntry(new Date()))).toEqual(['family', 'patientId', 'modality', 'station']);
    expect(missing({ ...entry, patientId: '  ', date: '' })).toEqual(['patientId', 'date']);
    expect(missing(entry)).toEqual([]);
  });
  it('is asked for by the keywords of DICOM, without what is empty', () => {
    expect(toRequest(entry)).toEqual({
      PatientName: 'Doe', PatientID: '4711', Modality: 'MR', ScheduledStationAETitle: 'MR1', ScheduledProcedureStepStartDate: '2026-02-03',
    });
    expect(toRequest({ ...entry, given: 'Jane', time: '08:15', referring: 'House, Gregory' })).toMatchObject({
      PatientName: 'Doe^Jane', ScheduledProcedureStepStartTime: '08:15', ReferringPhysicianName: 'House^Gregory',
    });
  });
  it('keeps what has a meaning of its own in DICOM out of its values', () => {
    expect(toRequest({ ...entry, family: ' Doe^Roe=X ', given: String.raw`a\b`, patientId: String.raw`4\7` })).toMatchObject({ PatientName: 'Doe Roe X^a b', PatientID: '4 7' });
  });
});

describe('where an entry came from', () => {
  it('is said in the language of the page', () => {
    expect(originText('file knee.yaml', en)).toBe('file knee.yaml');
    expect(originText('file knee.yaml', de)).toBe('Datei knee.yaml');
    expect(originText('by jane', de)).toBe('eingetragen von jane');
    expect(originText('by hand', de)).toBe('von Hand eingetragen');
    expect(originText('hl7', de)).toBe('hl7');
  });
  it('tells what would bring it back', () => {
    expect(fileOf('file knee.yaml')).toBe('knee.yaml');
    expect(fileOf('by jane')).toBeNull();
  });
});
