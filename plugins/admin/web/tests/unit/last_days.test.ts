import { expect, it } from 'vitest';
import { lastDays } from '../../src/pages/system/last_days';

it('days on which nothing came have a place in the chart too', () => {
  const days = lastDays([{ date: '2026-03-01', instances: 3, bytes: 30 }, { date: '2025-01-01', instances: 1, bytes: 1 }], 4, new Date(2026, 2, 2));
  expect(days.map(day => [day.date, day.bytes])).toEqual([['20260227', 0], ['20260228', 0], ['20260301', 30], ['20260302', 0]]);
});
