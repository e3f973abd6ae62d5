import { Send, Tag, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { Study } from '../../api/types';
import { useHas } from '../../app/live';
import { patiently } from '../../app/patiently';
import { useAccess } from '../../app/session';
import { Button } from '../../components/Button';
import { useText } from '../../i18n/text';
import type { Selection } from './selection';
import style from './SelectionBar.module.css';
import { useDiscard } from './use_discard';

const LabelDialog = lazy(patiently(() => import('./LabelDialog')));
const SendDialog = lazy(patiently(() => import('./SendDialog')));

/** What can be done with all studies that are ticked. */
export function SelectionBar({ selection, loaded }: { selection: Selection; loaded: Study[] }) {
  const { t } = useText();
  const { can } = useAccess();
  const has = useHas();
  const [dialog, setDialog] = useState<'send' | 'label' | null>(null);
  const discard = useDiscard();
  const uids = selection.studies.map(study => study.study_instance_uid);
  const close = () => setDialog(null);
  return (
    <div className={style.bar} role="group" aria-label={t.studies.selected(uids.length)}>
      <strong role="status" className="numeric">{t.studies.selected(uids.length)}</strong>
      {can('studies.send') && has('send') && <Button small icon={<Send size={15} aria-hidden />} onClick={() => setDialog('send')}>{t.studies.send}</Button>}
      {can('studies.label') && <Button small icon={<Tag size={15} aria-hidden />} onClick={() => setDialog('label')}>{t.studies.label}</Button>}
      {can('studies.delete') && has('trash') && (
        <Button small icon={<Trash2 size={15} aria-hidden />} busy={discard.isPending}
          onClick={() => discard.mutate(uids, { onSuccess: () => selection.clear() })}>{t.study.delete}</Button>
      )}
      <span className={style.end}>
        <Button small kind="quiet" onClick={() => selection.add(loaded)}>{t.studies.selectAll}</Button>
        <Button small kind="quiet" onClick={() => selection.clear()}>{t.studies.clearSelection}</Button>
      </span>
      <Suspense>
        {dialog === 'send' && <SendDialog studies={uids} onClose={close} />}
        {dialog === 'label' && <LabelDialog studies={selection.studies} onClose={close} />}
      </Suspense>
    </div>
  );
}
