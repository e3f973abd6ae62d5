import { useState, type FormEvent } from 'react';
import { call, part } from '../../api/client';
import type { Study } from '../../api/types';
import { useAction } from '../../app/action';
import { Button } from '../../components/Button';
import { Dialog, DialogFooter } from '../../components/Dialog';
import { notify } from '../../components/notify';
import { useText } from '../../i18n/text';
import { LabelField } from './LabelField';

const saveLabels = (study: Study, labels: string[]) => call(`api/studies/${part(study.study_instance_uid)}/labels`, { method: 'PUT', body: { labels } });

/** Adds one label to several studies; they keep those that they have. */
export default function LabelDialog({ studies, onClose }: { studies: Study[]; onClose: () => void }) {
  const { t } = useText();
  const [label, setLabel] = useState('');
  const changes = [['studies'], ['study'], ['labels']];
  const undo = useAction({ run: (before: Study[]) => Promise.all(before.map(study => saveLabels(study, study.labels))), changes });
  const save = useAction({
    run: (all: Study[]) => Promise.all(all.map(study => saveLabels(study, [...new Set([...study.labels, label.trim()])]))),
    done: (_, before) => {
      notify({ title: t.study.labelled(before.length), action: { label: t.common.undo, run: () => undo.mutate(before) } });
      onClose();
    },
    changes,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (label.trim()) save.mutate(studies);
  };
  return (
    <Dialog open onClose={onClose} title={t.study.labelMany(studies.length)}>
      <form onSubmit={submit}>
        <LabelField label={t.study.labelToAdd} value={label} onChange={setLabel} />
        <DialogFooter>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button kind="primary" type="submit" busy={save.isPending} disabled={!label.trim()}>{t.common.add}</Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
