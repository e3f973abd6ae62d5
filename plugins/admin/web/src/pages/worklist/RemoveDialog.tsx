import { call, part } from '../../api/client';
import type { WorklistItem } from '../../api/types';
import { useAction } from '../../app/action';
import { Confirm } from '../../components/Dialog';
import { notify } from '../../components/notify';
import { personName } from '../../i18n/person_name';
import { useText } from '../../i18n/text';
import { fileOf } from './origin';

/** Asks before an entry is removed: that cannot be undone. */
export function RemoveDialog({ item, onClose }: { item: WorklistItem | null; onClose: () => void }) {
  const { t } = useText();
  const name = item ? personName(item.patient_name) : '';
  const file = item && fileOf(item.origin);
  const remove = useAction({
    run: (id: string) => call(`api/worklist/${part(id)}`, { method: 'DELETE' }),
    done: () => { onClose(); notify({ title: t.worklist.removed(name) }); },
    changes: [['worklist']],
  });
  return (
    <Confirm open={item !== null} title={t.worklist.removeTitle(name)} text={file ? t.worklist.removeFileHelp(file) : t.worklist.removeHelp} action={t.common.remove}
      busy={remove.isPending} onConfirm={() => { if (item) remove.mutate(item.id); }} onClose={onClose} />
  );
}
