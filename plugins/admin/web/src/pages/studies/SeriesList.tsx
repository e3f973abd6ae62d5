import { useQuery } from '@tanstack/react-query';
import { FileText, Send } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { address, part } from '../../api/client';
import { wholeStudyQuery } from '../../api/queries';
import type { Series, StudyWithSeries } from '../../api/types';
import { useHas } from '../../app/live';
import { patiently } from '../../app/patiently';
import { useAccess } from '../../app/session';
import { Button, IconButton } from '../../components/Button';
import { Badge, Empty } from '../../components/Status';
import { personName } from '../../i18n/person_name';
import { useText } from '../../i18n/text';
import style from './SeriesList.module.css';

const SendDialog = lazy(patiently(() => import('./SendDialog')));

function Thumbnail({ study, series, name }: { study: string; series: Series; name: string }) {
  const { t } = useText();
  const [state, setState] = useState<'loading' | 'shown' | 'none'>(series.has_pixels ? 'loading' : 'none');
  if (state === 'none') return <span className={style.picture}><FileText size={24} aria-hidden /></span>;
  return (
    <span className={`${style.picture} ${state === 'loading' ? style.loading : ''}`}>
      <img loading="lazy" width="64" height="64" alt={t.study.thumbnail(name)} onLoad={() => setState('shown')} onError={() => setState('none')}
        src={address(`dicom-web/studies/${part(study)}/series/${part(series.series_instance_uid)}/thumbnail?viewport=128,128`)} />
    </span>
  );
}

/** The series of a study with their first images. */
export function SeriesList({ study }: { study: StudyWithSeries }) {
  const { t } = useText();
  const { can } = useAccess();
  const sendable = useHas()('send') && can('studies.send');
  const [sending, setSending] = useState('');
  const [all, setAll] = useState(false);
  const whole = useQuery({ ...wholeStudyQuery(study.study_instance_uid), enabled: all });
  const list = (all && whole.data ? whole.data : study).series_list;
  const hidden = all && whole.data ? 0 : study.hidden_series ?? 0;
  return (
    <section aria-label={t.study.seriesTitle}>
      <h3 className={style.heading}>{t.study.seriesTitle} <span className="muted numeric">{list.length}</span></h3>
      {list.length === 0 && hidden === 0 && <Empty title={t.study.noSeries} />}
      <ul className={style.list}>
        {list.map(series => {
          const name = series.description || t.study.seriesNumber(String(series.number ?? ''));
          return (
            <li key={series.series_instance_uid} className={style.series}>
              <Thumbnail study={study.study_instance_uid} series={series} name={name} />
              <div className={style.text}>
                <div className={style.name} title={name}>{series.number !== null && <span className="muted numeric">{series.number}. </span>}{name}</div>
                <div className="muted numeric"><Badge>{series.modality}</Badge> {t.studies.instances(series.instances)}{series.body_part && ` · ${series.body_part}`}</div>
              </div>
              {sendable && <IconButton label={t.study.sendSeries(name)} icon={<Send size={16} aria-hidden />} onClick={() => setSending(series.series_instance_uid)} />}
            </li>
          );
        })}
      </ul>
      {hidden > 0 && (
        <p className={`${style.hidden} muted`}>{t.study.hiddenSeries(hidden)} <Button kind="quiet" small busy={all && whole.isPending} onClick={() => setAll(true)}>{t.study.showHidden}</Button></p>
      )}
      {sending && <Suspense><SendDialog series={[sending]} of={personName(study.patient_name)} onClose={() => setSending('')} /></Suspense>}
    </section>
  );
}
