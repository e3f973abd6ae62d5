import type { StudyOrder } from '../../api/queries';

interface Column { ascending: StudyOrder; descending: StudyOrder; first: StudyOrder }

/** What a click on the heading of a column asks for: another column in its first direction, the same one in the other. */
export function nextOrder(order: StudyOrder, { ascending, descending, first }: Column): StudyOrder {
  if (order === ascending) return descending;
  return order === descending ? ascending : first;
}
