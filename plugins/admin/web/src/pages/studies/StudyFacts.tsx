import type { ReactNode } from 'react';
import type { StudyWithSeries } from '../../api/types';
import { ageAt } from '../../i18n/format';
import { personName } from '../../i18n/person_name';
import { useText } from '../../i18n/text';
import { StudyLabels } from './StudyLabels';
import style from './StudyPanel.module.css';

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return <div className={style.fact}><dt>{name}</dt><dd>{children}</dd></div>;
}

/** Who and what a study is of. What is empty in it is left out. */
export function StudyFacts({ study }: { study: StudyWithSeries }) {
  const { t, f } = useText();
  const sexes: Record<string, string> = t.study.sex;
  const age = ageAt(study.patient_birth_date, study.date);
  const person = [
    study.patient_birth_date && t.studies.born(f.date(study.patient_birth_date)),
    age !== null && t.study.age(age),
    sexes[study.patient_sex] ?? study.patient_sex,
  ].filter(Boolean).join(' · ');
  const date = [study.date && f.date(study.date), f.time(study.time)].filter(Boolean).join(', ');
  return (
    <dl className={style.facts}>
      <Fact name={t.studies.patient}>{study.patient_id || t.common.none}{person && <><br />{person}</>}</Fact>
      <Fact name={t.study.date}>{date || t.studies.noDate}</Fact>
      <Fact name={t.studies.description}>{study.description || t.common.none}</Fact>
      {study.accession_number && <Fact name={t.study.accession}><span className="mono">{study.accession_number}</span></Fact>}
      {study.study_id && <Fact name={t.study.studyId}>{study.study_id}</Fact>}
      {study.referring_physician && <Fact name={t.study.referring}>{personName(study.referring_physician)}</Fact>}
      <Fact name={t.study.uid}><span className={`mono ${style.uid}`}>{study.study_instance_uid}</span></Fact>
      <Fact name={t.study.labels}><StudyLabels study={study} /></Fact>
      {study.notes?.map(({ origin, text }) => <Fact key={origin} name={t.study.noteFrom(origin)}><span className={style.note}>{text}</span></Fact>)}
    </dl>
  );
}
