import type { Arrival } from '../../api/types';

export interface Amount { instances: number; bytes: number }
/** What came on one day, or in one week. */
export interface Bar extends Amount { first: string; last: string }
/** What came from one node, or of one modality. */
export interface Share extends Amount { name: string; last: string }

const kDay = 86400000;
const kMostDailyBars = 90;
const kWeek = 7;

/** The day `before` days ago as DICOM writes it, in UTC as the server counts. */
export const dayAgo = (now: Date, before: number): string =>
  new Date(now.getTime() - before * kDay).toISOString().slice(0, 10).replaceAll('-', '');

/** Those of the last `days` days, today's among them. */
export const within = (arrivals: readonly Arrival[], days: number, now: Date): Arrival[] => {
  const first = dayAgo(now, days - 1);
  return arrivals.filter(arrival => arrival.date >= first);
};

/** For an average: of a younger archive, the days since something came first. */
export const daysCounted = (known: readonly Arrival[], days: number, now: Date): number => {
  const first = known.reduce((earliest, { date }) => (date < earliest ? date : earliest), dayAgo(now, 0));
  return Array.from({ length: days }, (_, before) => dayAgo(now, before)).filter(day => day >= first).length;
};

const add = (to: Amount, from: Amount) => { to.instances += from.instances; to.bytes += from.bytes; };

export function sum(arrivals: readonly Amount[]): Amount {
  const total = { instances: 0, bytes: 0 };
  for (const arrival of arrivals) add(total, arrival);
  return total;
}

/** Oldest first, those in which nothing came too: a bar a day, or a week where there would be too many. The first week has the days that are left over. */
export function barsOf(arrivals: readonly Arrival[], days: number, now: Date): Bar[] {
  const each = days > kMostDailyBars ? kWeek : 1;
  const count = Math.floor(days / each);
  const bars = Array.from({ length: count }, (_, index): Bar => {
    const behind = count - 1 - index;
    return { first: dayAgo(now, index === 0 ? days - 1 : behind * each + each - 1), last: dayAgo(now, behind * each), instances: 0, bytes: 0 };
  });
  for (const arrival of arrivals) {
    const bar = bars.find(({ first, last }) => arrival.date >= first && arrival.date <= last);
    if (bar) add(bar, arrival);
  }
  return bars;
}

/** By node or by modality, the largest first. Of `known` there are also those of which nothing came, with their last day. */
export function sharesOf(arrivals: readonly Arrival[], key: 'node' | 'modality', known: readonly Arrival[] = arrivals): Share[] {
  const shares = new Map<string, Share>();
  for (const { date, [key]: name } of known) {
    const share = shares.get(name);
    if (!share) shares.set(name, { name, last: date, instances: 0, bytes: 0 });
    else if (share.last < date) share.last = date;
  }
  for (const arrival of arrivals) {
    const share = shares.get(arrival[key]);
    if (share) add(share, arrival);
  }
  return [...shares.values()].toSorted((a, b) => b.instances - a.instances || b.last.localeCompare(a.last) || a.name.localeCompare(b.name));
}

/** What a spreadsheet would take for a formula gets an apostrophe in front. */
function field(value: string | number, separator: string): string {
  const text = typeof value === 'number' ? String(value) : value.replace(/^[=+\-@\t\r]/, "'$&");
  return text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Lines of RFC 4180, with a mark in front that lets spreadsheets see UTF-8. */
export const csvOf = (lines: readonly (readonly (string | number)[])[], separator: string): string =>
  `\uFEFF${lines.map(line => line.map(value => field(value, separator)).join(separator)).join('\r\n')}\r\n`;
