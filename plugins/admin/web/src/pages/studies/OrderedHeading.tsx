import { ArrowDown, ArrowUp } from 'lucide-react';
import type { StudyOrder } from '../../api/queries';
import { useText } from '../../i18n/text';
import { nextOrder } from './next_order';
import style from './StudyList.module.css';

interface Props { text: string; order: StudyOrder; ascending: StudyOrder; descending: StudyOrder; first: StudyOrder; onOrder: (order: StudyOrder) => void }

/** A heading by which the list is put in order; `first`: what it is chosen with. */
export function OrderedHeading({ text, order, ascending, descending, first, onOrder }: Props) {
  const { t } = useText();
  const sorted = order === ascending ? 'ascending' : order === descending ? 'descending' : undefined;
  return (
    <span role="columnheader" aria-sort={sorted}>
      <button type="button" className={style.sort} title={t.common.sort(text)} onClick={() => onOrder(nextOrder(order, { ascending, descending, first }))}>
        {text}
        {sorted === 'ascending' && <ArrowUp size={13} aria-hidden />}
        {sorted === 'descending' && <ArrowDown size={13} aria-hidden />}
      </button>
    </span>
  );
}
