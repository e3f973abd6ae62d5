import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type MouseEvent, type Ref } from 'react';
import type { StudyOrder } from '../../api/queries';
import type { Study } from '../../api/types';
import { Button } from '../../components/Button';
import { ArrowUp } from 'lucide-react';
import { useText } from '../../i18n/text';
import { OrderedHeading } from './OrderedHeading';
import type { Selection } from './selection';
import style from './StudyList.module.css';
import { StudyRow } from './StudyRow';
import { useArrivals } from './use_arrivals';

interface Props {
  studies: Study[];
  order: StudyOrder;
  onOrder: (order: StudyOrder) => void;
  open: string | undefined;
  selection: Selection;
  more: boolean;
  loadMore: () => void;
  onOpen: (uid: string, how: 'keyboard' | 'pointer') => void;
  onView: (uid: string) => void;
  ref?: Ref<HTMLDivElement>;
}

const rowHeight = () => Number.parseInt(getComputedStyle(document.documentElement).getPropertyValue('--row'), 10) || 50;
const rowId = (uid: string) => `study-${uid}`;

/** The rows that are in sight, of a list that may have a million. One tab stop; the arrow keys move in it. */
export function StudyList({ studies, order, onOrder, open, selection, more, loadMore, onOpen, onView, ref }: Props) {
  const { t } = useText();
  const helpId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [height] = useState(rowHeight);
  const [active, setActive] = useState<string | null>(null);
  const rows = useVirtualizer({
    count: studies.length, getScrollElement: () => scroller.current, estimateSize: () => height, overscan: 8,
    getItemKey: index => studies[index]?.study_instance_uid ?? index, scrollPaddingStart: 34,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= studies.length - 30) loadMore();
  }, [more, last, studies.length, loadMore]);

  // What is looked at stays where it is when studies arrive above it.
  const anchor = useRef<{ uid: string; delta: number } | null>(null);
  // In another order, the list begins at its top.
  useLayoutEffect(() => {
    anchor.current = null;
    scroller.current?.scrollTo({ top: 0 });
  }, [order]);
  const remember = () => {
    const top = scroller.current?.scrollTop ?? 0;
    const first = studies[Math.floor(top / height)];
    anchor.current = first && top >= height / 2 ? { uid: first.study_instance_uid, delta: top % height } : null;
  };
  useLayoutEffect(() => {
    if (!anchor.current || !scroller.current) return;
    const { uid, delta } = anchor.current;
    const index = studies.findIndex(study => study.study_instance_uid === uid);
    if (index >= 0) scroller.current.scrollTop = index * height + delta;
  }, [studies, height]);
  const { fresh, unseen, seen } = useArrivals(studies, order, anchor);

  const index = studies.findIndex(study => study.study_instance_uid === (active ?? open));
  const move = (to: number) => {
    const next = Math.max(0, Math.min(studies.length - 1, to));
    const study = studies[next];
    if (!study) return;
    setActive(study.study_instance_uid);
    rows.scrollToIndex(next);
    if (open) onOpen(study.study_instance_uid, 'pointer');
  };
  const keys: Record<string, () => void> = {
    ArrowDown: () => move(index + 1), ArrowUp: () => move(index - 1), Home: () => move(0), End: () => move(studies.length - 1),
    PageDown: () => move(index + 10), PageUp: () => move(index - 10),
    Enter: () => { const study = studies[index]; if (study) onOpen(study.study_instance_uid, 'keyboard'); },
    ' ': () => { const study = studies[index]; if (study) selection.toggle(study); },
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const run = event.target === scroller.current ? keys[event.key] : undefined;
    if (!run || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    run();
  };
  const selectTo = (study: Study, event: MouseEvent) => {
    const from = studies.findIndex(other => other.study_instance_uid === selection.last);
    const to = studies.indexOf(study);
    if (event.shiftKey && from >= 0) selection.add(studies.slice(Math.min(from, to), Math.max(from, to) + 1));
    else selection.toggle(study);
  };
  const toTop = () => {
    scroller.current?.scrollTo({ top: 0 });
    seen();
  };

  return (
    <div className={style.frame}>
      <span id={helpId} hidden>{t.studies.listHelp}</span>
      {unseen > 0 && <Button small kind="primary" className={style.arrived} icon={<ArrowUp size={14} aria-hidden />} onClick={toTop}>{t.studies.arrived(unseen)}</Button>}
      <div ref={element => { scroller.current = element; if (typeof ref === 'function') ref(element); else if (ref) ref.current = element; }}
        className={style.list} role="grid" tabIndex={0} aria-label={t.studies.title} aria-describedby={helpId}
        aria-multiselectable="true" aria-rowcount={more ? -1 : studies.length + 1}
        aria-activedescendant={index >= 0 && shown.some(row => row.index === index) ? rowId(studies[index]?.study_instance_uid ?? '') : undefined}
        onKeyDown={onKeyDown} onScroll={() => { remember(); if (!anchor.current) seen(); }}
        onFocus={event => { if (event.target === scroller.current && index < 0 && studies[0]) setActive(studies[0].study_instance_uid); }}>
        <div role="rowgroup" className={style.header}>
          <div role="row" className={style.columns} aria-rowindex={1}>
            <span role="columnheader"><span className="visually-hidden">{t.studies.select('')}</span></span>
            <OrderedHeading text={t.studies.patient} order={order} ascending="patient_name" descending="patient_name_reversed" first="patient_name" onOrder={onOrder} />
            <OrderedHeading text={t.study.date} order={order} ascending="oldest_first" descending="newest_first" first="newest_first" onOrder={onOrder} />
            <span role="columnheader" className={style.modality}>{t.studies.modality}</span>
            <span role="columnheader">{t.studies.description}</span>
            <span role="columnheader" className={style.accession}>{t.studies.accession}</span>
            <span role="columnheader" className={style.counts}>{t.studies.images}</span>
            <span role="columnheader"><span className="visually-hidden">{t.common.actions}</span></span>
          </div>
        </div>
        <div role="rowgroup" className={style.body} style={{ height: rows.getTotalSize() }}>
          {shown.map(row => {
            const study = studies[row.index];
            return study && (
              <StudyRow key={row.key} id={rowId(study.study_instance_uid)} study={study} top={row.start} number={row.index + 2}
                active={row.index === index} open={study.study_instance_uid === open} selected={selection.has(study)} fresh={fresh.has(study.study_instance_uid)}
                onOpen={() => { setActive(study.study_instance_uid); onOpen(study.study_instance_uid, 'pointer'); }}
                onSelect={event => selectTo(study, event)} onView={() => onView(study.study_instance_uid)} />
            );
          })}
        </div>
      </div>
    </div>
  );
}
