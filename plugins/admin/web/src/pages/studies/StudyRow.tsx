import { Eye } from 'lucide-react';
import type { MouseEvent } from 'react';
import type { Study } from '../../api/types';
import { IconButton } from '../../components/Button';
import { Badge } from '../../components/Status';
import { personName } from '../../i18n/person_name';
import { useText } from '../../i18n/text';
import { useViewer } from './use_viewer';
import style from './StudyList.module.css';

interface Props {
  id: string;
  study: Study;
  top: number;
  number: number;
  active: boolean;
  open: boolean;
  selected: boolean;
  fresh: boolean;
  onOpen: () => void;
  onSelect: (event: MouseEvent) => void;
  onView: () => void;
}

const kMostLabels = 3;

/** One study of the list: two lines, so that everything has room on a tablet too. */
export function StudyRow({ id, study, top, number, active, open, selected, fresh, onOpen, onSelect, onView }: Props) {
  const { t, f } = useText();
  const viewer = useViewer();
  const name = personName(study.patient_name) || t.studies.noName;
  const born = study.patient_birth_date && t.studies.born(f.date(study.patient_birth_date));
  const classes = [style.row, style.columns, active && style.active, open && style.open, selected && style.selected, fresh && style.fresh].filter(Boolean).join(' ');
  const tab = active ? 0 : -1;
  return (
    <div id={id} role="row" aria-rowindex={number} aria-selected={selected} className={classes} style={{ transform: `translateY(${top}px)` }}
      onClick={onOpen} onDoubleClick={onView}>
      <span role="gridcell" className={style.tick}>
        <input type="checkbox" checked={selected} tabIndex={tab} aria-label={t.studies.select(name)} onChange={() => undefined}
          onClick={event => { event.stopPropagation(); onSelect(event); }} onDoubleClick={event => event.stopPropagation()} />
      </span>
      <span role="gridcell" className={style.cell}>
        <span className={style.first}>{name}{study.patient_name_ideographic && <span className="muted"> {personName(study.patient_name_ideographic)}</span>}</span>
        <span className={style.second}>{[study.patient_id, born].filter(Boolean).join(' · ')}</span>
      </span>
      <span role="gridcell" className={`${style.cell} numeric`}>
        <span>{study.date ? f.date(study.date) : t.studies.noDate}</span>
        <span className={style.second}>{f.time(study.time)}</span>
      </span>
      <span role="gridcell" className={style.modality}>{study.modalities.map(modality => <Badge key={modality}>{modality}</Badge>)}</span>
      <span role="gridcell" className={style.cell}>
        <span className={study.description ? undefined : 'muted'}>{study.description || t.studies.noDescription}</span>
        <span className={style.second}>
          {study.labels.slice(0, kMostLabels).map(label => <Badge key={label} tone="accent">{label}</Badge>)}
          {study.labels.length > kMostLabels && ` +${study.labels.length - kMostLabels} `}
          {study.referring_physician && personName(study.referring_physician)}
        </span>
      </span>
      <span role="gridcell" className={`${style.accession} mono ellipsis`}>{study.accession_number}</span>
      <span role="gridcell" className={`${style.counts} numeric`}>
        <span>{f.number(study.instances)}</span>
        <span className={style.second}>{t.studies.series(study.series)}</span>
      </span>
      <span role="gridcell">
        {viewer && <IconButton tabIndex={tab} label={t.studies.view(viewer.label, name)} icon={<Eye size={18} aria-hidden />}
          onClick={event => { event.stopPropagation(); onView(); }} onDoubleClick={event => event.stopPropagation()} />}
      </span>
    </div>
  );
}
