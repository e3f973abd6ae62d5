import { describe, expect, it } from 'vitest';
import { ageAt, dicomDate, formatFor, toDicomDate } from '../../src/i18n/format';
import { personName } from '../../src/i18n/person_name';

const en = formatFor('en');
const de = formatFor('de');

describe('moments within a text of the server', () => {
  it('are written as everywhere on the page', () => {
    const text = 'It has called, last on 2026-11-28T14:44:31Z.';
    for (const language of ['en', 'de'] as const) {
      const f = formatFor(language);
      expect(f.momentsIn(text)).toBe(`It has called, last on ${f.moment('2026-11-28T14:44:31Z')}.`);
      expect(f.momentsIn(text)).not.toContain('2026-11-28T');
      expect(f.momentsIn('on 2026-11-28')).toBe('on 2026-11-28');
    }
  });
});

describe('person names', () => {
  it.each([
    ['Doe^Jane', 'Doe, Jane'], ['Doe^Jane^Q^Dr.^Jr.', 'Doe, Jane Q, Dr., Jr.'], ['Yamada^Tarou=山田^太郎=やまだ^たろう', 'Yamada, Tarou'],
    ['DOE', 'DOE'], ['Doe^^^^', 'Doe'], ['^Jane', 'Jane'], [' Doe ^ Jane ', 'Doe, Jane'], ['', ''], ['Doe Jane', 'Doe Jane'],
  ])('%s is shown as %s', (pn, shown) => {
    expect(personName(pn)).toBe(shown);
  });
});

describe('dates of DICOM', () => {
  it('are shown as the language writes them', () => {
    expect(en.date('20040119')).toBe('19/01/2004');
    expect(de.date('20040119')).toBe('19.01.2004');
  });
  it('are left as they are where they are none', () => {
    expect(en.date('2004.01.19')).toBe('2004.01.19');
    expect(en.date('20041340')).toBe('20041340');
    expect(dicomDate('20230229')).toBeNull();
  });
  it('have times to the minute', () => {
    expect(en.time('173012.123')).toBe('17:30');
    expect(en.time('0905')).toBe('09:05');
    expect(en.time('')).toBe('');
  });
  it('are made of local days', () => {
    expect(toDicomDate(new Date(2026, 0, 5, 23, 59))).toBe('20260105');
  });
  it('give an age in full years', () => {
    expect(ageAt('19600602', '20260601')).toBe(65);
    expect(ageAt('19600601', '20260601')).toBe(66);
    expect(ageAt('', '20260601')).toBeNull();
    expect(ageAt('20270101', '20260601')).toBeNull();
  });
});

describe('numbers', () => {
  it('of bytes have three digits and a unit', () => {
    expect(en.bytes(0)).toBe('0 bytes');
    expect(en.bytes(999)).toBe('999 bytes');
    expect(en.bytes(1_234_567)).toBe('1.23 MB');
    expect(de.bytes(2.41e12)).toBe('2,41 TB');
  });
  it('of time say how long ago', () => {
    const now = Date.parse('2026-11-27T12:00:00Z');
    expect(en.ago('2026-11-27T11:58:30Z', now)).toBe('1 minute ago');
    expect(de.ago('2026-11-24T12:00:00Z', now)).toBe('vor 3 Tagen');
    expect(en.ago('2026-11-28T13:00:00Z', now)).toBe('tomorrow');
    expect(en.ago('never', now)).toBe('never');
  });
  it('of time to come count the seconds', () => {
    const now = Date.parse('2026-11-27T12:00:00Z');
    expect(de.until('2026-11-27T12:00:24.5Z', now)).toBe('in 25 Sekunden');
    expect(en.until('2026-11-27T12:05:00Z', now)).toBe('in 5 minutes');
    expect(en.until('2026-11-27T11:59:59Z', now)).toBe('now');
    expect(en.until('never', now)).toBe('never');
  });
});
