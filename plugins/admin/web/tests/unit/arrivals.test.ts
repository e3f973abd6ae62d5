import { describe, expect, it } from 'vitest';
import { barsOf, csvOf, daysCounted, sharesOf, sum, within } from '../../src/pages/statistics/arrivals';

const kNow = new Date('2026-03-02T23:30:00Z');
const arrival = (date: string, node: string, modality: string, instances: number) => ({ date, node, modality, instances, bytes: instances * 10 });
const arrivals = [
  arrival('20250401', 'OLD', 'CT', 4), arrival('20260227', 'CT1', 'CT', 2), arrival('20260302', 'CT1', 'CT', 1), arrival('20260302', 'MR1', 'MR', 5),
];

describe('bars', () => {
  it('have a place for days on which nothing came too', () => {
    expect(barsOf(arrivals, 4, kNow).map(bar => [bar.first, bar.last, bar.instances, bar.bytes]))
      .toEqual([['20260227', '20260227', 2, 20], ['20260228', '20260228', 0, 0], ['20260301', '20260301', 0, 0], ['20260302', '20260302', 6, 60]]);
  });
  it('are weeks where a year is shown, and lose nothing', () => {
    const bars = barsOf(arrivals, 365, kNow);
    expect(bars).toHaveLength(52);
    expect(bars.at(-1)).toEqual({ first: '20260224', last: '20260302', instances: 8, bytes: 80 });
    expect(bars[0]).toMatchObject({ first: '20250303', last: '20250310' });
    expect(sum(bars)).toEqual(sum(arrivals));
  });
});

it('a time ends today and has as many days as it says', () => {
  expect(within(arrivals, 4, kNow)).toHaveLength(3);
  expect(within(arrivals, 3, kNow)).toHaveLength(2);
});

it('an average is of the days on which something could have come', () => {
  expect(daysCounted(arrivals, 30, kNow)).toBe(30);
  expect(daysCounted(arrivals.slice(1), 30, kNow)).toBe(4);
  expect(daysCounted([], 30, kNow)).toBe(1);
});

it('a node that has fallen silent is listed with its last day', () => {
  expect(sharesOf(within(arrivals, 7, kNow), 'node', arrivals)).toEqual([
    { name: 'MR1', last: '20260302', instances: 5, bytes: 50 }, { name: 'CT1', last: '20260302', instances: 3, bytes: 30 },
    { name: 'OLD', last: '20250401', instances: 0, bytes: 0 },
  ]);
});

it('a file for spreadsheets has no formulas, and keeps what separates', () => {
  expect(csvOf([['Node', 'n'], ['=1+1', 3], ['a;"b"', -1]], ';')).toBe('\uFEFFNode;n\r\n\'=1+1;3\r\n"a;""b""";-1\r\n');
});
