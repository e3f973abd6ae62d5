import { Plus, X } from 'lucide-react';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { call, part } from '../../api/client';
import type { Study } from '../../api/types';
import { useAction } from '../../app/action';
import { useAccess } from '../../app/session';
import { Button } from '../../components/Button';
import { notify } from '../../components/notify';
import { Badge } from '../../components/Status';
import { useText } from '../../i18n/text';
import { LabelField } from './LabelField';
import style from './StudyPanel.module.css';

/** The labels of one study, and what adds and removes them. */
export function StudyLabels({ study }: { study: Study }) {
  const { t } = useText();
  const { can } = useAccess();
  const [adding, setAdding] = useState(false);
  const [label, setLabel] = useState('');
  const opener = useRef<HTMLButtonElement>(null);
  const wasAdding = useRef(false);
  // The form takes the focus with it when it goes.
  useEffect(() => {
    if (wasAdding.current && !adding) opener.current?.focus();
    wasAdding.current = adding;
  }, [adding]);
  const save = useAction({
    run: ({ labels }: { labels: string[]; before: string[] }) => call(`api/studies/${part(study.study_instance_uid)}/labels`, { method: 'PUT', body: { labels } }),
    done: (_, { labels, before }) => notify({
      title: t.study.labelsSaved,
      action: { label: t.common.undo, run: () => save.mutate({ labels: before, before: labels }) },
    }),
    changes: [['study', study.study_instance_uid], ['studies'], ['labels']],
  });
  const set = (labels: string[]) => save.mutate({ labels, before: study.labels });
  const close = () => {
    setLabel('');
    setAdding(false);
  };
  const add = (event: FormEvent) => {
    event.preventDefault();
    const added = label.trim();
    if (added && !study.labels.includes(added)) set([...study.labels, added]);
    close();
  };
  const remove = (name: string) => {
    set(study.labels.filter(other => other !== name));
    opener.current?.focus();
  };
  if (!can('studies.label')) return <>{study.labels.map(name => <Badge key={name} tone="accent">{name}</Badge>)}</>;
  return (
    <>
      <ul className={style.labels} aria-label={t.study.labels}>
        {study.labels.map(name => (
          <li key={name} className={style.label}>
            {name}
            <button type="button" aria-label={t.study.removeLabel(name)} onClick={() => remove(name)}><X size={13} aria-hidden /></button>
          </li>
        ))}
        {!adding && <li><Button ref={opener} small kind="quiet" icon={<Plus size={14} aria-hidden />} aria-busy={save.isPending || undefined} onClick={() => setAdding(true)}>{t.study.addLabel}</Button></li>}
      </ul>
      {adding && (
        <form className={style.labelForm} onSubmit={add} ref={form => { form?.querySelector('input')?.focus(); }}>
          <LabelField label={t.study.labelToAdd} value={label} onChange={setLabel} />
          <Button small kind="primary" type="submit">{t.common.add}</Button>
          <Button small onClick={close}>{t.common.cancel}</Button>
        </form>
      )}
    </>
  );
}
