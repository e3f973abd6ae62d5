import type { DayUse } from '../../api/types';
import { toDicomDate } from '../../i18n/format';

/** The last `count` days up to today, oldest first, as DICOM dates; those on which nothing came too, which the server leaves out. */
export function lastDays(days: readonly DayUse[], count: number, today: Date): DayUse[] {
  const known = new Map(days.map(day => [day.date.replaceAll('-', ''), day]));
  return Array.from({ length: count }, (_, index) => {
    const date = toDicomDate(new Date(today.getFullYear(), today.getMonth(), today.getDate() - (count - 1 - index)));
    return { instances: 0, bytes: 0, ...known.get(date), date };
  });
}
