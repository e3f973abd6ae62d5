import { call, part } from '../../api/client';
import type { Discarded } from '../../api/types';
import { useAction } from '../../app/action';
import { notify } from '../../components/notify';
import { useText } from '../../i18n/text';

const kLists = [['studies'], ['study'], ['trash'], ['labels']];

/** Moves studies to the trash, and offers for ten seconds to take that back. */
export function useDiscard() {
  const { t, f } = useText();
  const restore = useAction({
    run: (uids: string[]) => Promise.all(uids.map(uid => call(`api/trash/${part(uid)}/restore`, { method: 'POST' }))),
    done: () => notify({ title: t.study.restored }),
    changes: kLists,
  });
  return useAction({
    run: (uids: string[]) => Promise.all(uids.map(uid => call<Discarded>(`api/studies/${part(uid)}`, { method: 'DELETE' }))),
    done: (discarded, uids) => notify({
      title: t.study.deleted(uids.length),
      description: discarded[0] && t.study.deletedUntil(f.day(discarded[0].purge_at)),
      timeout: 10000,
      action: { label: t.common.undo, run: () => restore.mutate(uids) },
    }),
    changes: kLists,
  });
}
