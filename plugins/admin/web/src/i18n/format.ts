/** Dates, numbers and sizes as people of a language write them. */

import type { Language } from './language';

/** "YYYYMMDD" as a date at noon UTC, so that no time zone moves it; null for what is none. */
export function dicomDate(text: string): Date | null {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(text.trim());
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const date = new Date(Date.UTC(year, month - 1, day, 12));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date : null;
}

/** A local day as DICOM writes it. */
export function toDicomDate(date: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
}

/** Full years between two DICOM dates. */
export function ageAt(birth: string, day: string): number | null {
  if (!dicomDate(birth) || !dicomDate(day)) return null;
  const years = Number(day.slice(0, 4)) - Number(birth.slice(0, 4)) - (day.slice(4) < birth.slice(4) ? 1 : 0);
  return years >= 0 && years < 150 ? years : null;
}

const kUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;
const kSteps: [Intl.RelativeTimeFormatUnit, number][] = [['day', 86400], ['hour', 3600], ['minute', 60]];

export interface Format {
  number: (n: number) => string;
  percent: (fraction: number) => string;
  bytes: (n: number) => string;
  /** "20040119" -> "19/01/2004"; anything else as it is. */
  date: (dicom: string) => string;
  /** "1730" or "173012.5" -> "17:30". */
  time: (dicom: string) => string;
  /** RFC 3339 */
  moment: (rfc3339: string) => string;
  day: (rfc3339: string) => string;
  /** A text of the server with its moments (RFC 3339, UTC) as the page writes them. */
  momentsIn: (text: string) => string;
  /** To the second. */
  clock: (rfc3339: string) => string;
  ago: (rfc3339: string, now?: number) => string;
  /** For what is waited for: to the second. */
  until: (rfc3339: string, now?: number) => string;
  list: (items: string[]) => string;
}

export function formatFor(language: Language): Format {
  // "en" alone would write the month first, which half of the world reads as the day.
  const region = language === 'en' ? 'en-GB' : 'de-DE';
  const numbers = new Intl.NumberFormat(region);
  const percents = new Intl.NumberFormat(region, { style: 'percent', maximumFractionDigits: 0 });
  const sizes = kUnits.map(unit => new Intl.NumberFormat(region, {
    style: 'unit', unit, unitDisplay: unit === 'byte' ? 'long' : 'short', maximumSignificantDigits: 3,
  }));
  const dates = new Intl.DateTimeFormat(region, { timeZone: 'UTC', day: '2-digit', month: '2-digit', year: 'numeric' });
  const days = new Intl.DateTimeFormat(region, { day: '2-digit', month: '2-digit', year: 'numeric' });
  const moments = new Intl.DateTimeFormat(region, {
    day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit',
  });
  const clocks = new Intl.DateTimeFormat(region, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const relative = new Intl.RelativeTimeFormat(region, { numeric: 'auto' });
  const lists = new Intl.ListFormat(region, { type: 'conjunction' });
  const valid = (text: string) => (Number.isNaN(Date.parse(text)) ? null : new Date(text));
  const ago = (text: string, now = Date.now()) => {
    const date = valid(text);
    if (!date) return text;
    const seconds = (date.getTime() - now) / 1000;
    for (const [unit, size] of kSteps)
      if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
    return relative.format(0, 'second');
  };
  const moment = (text: string) => {
    const date = valid(text);
    return date ? moments.format(date) : text;
  };
  return {
    number: n => numbers.format(n),
    percent: fraction => percents.format(fraction),
    bytes: n => {
      const step = n < 1000 ? 0 : Math.min(kUnits.length - 1, Math.floor(Math.log10(n) / 3));
      return sizes[step]?.format(n / 1000 ** step) ?? String(n);
    },
    date: dicom => {
      const date = dicomDate(dicom);
      return date ? dates.format(date) : dicom;
    },
    time: dicom => (/^\d{4}/.test(dicom) ? `${dicom.slice(0, 2)}:${dicom.slice(2, 4)}` : dicom),
    moment,
    momentsIn: text => text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, moment),
    day: text => {
      const date = valid(text);
      return date ? days.format(date) : text;
    },
    clock: text => {
      const date = valid(text);
      return date ? clocks.format(date) : text;
    },
    ago,
    until: (text, now = Date.now()) => {
      const seconds = Math.ceil((Date.parse(text) - now) / 1000);
      return seconds > 0 && seconds < 60 ? relative.format(seconds, 'second') : ago(text, now);
    },
    list: items => lists.format(items),
  };
}
