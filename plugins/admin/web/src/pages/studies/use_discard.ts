import { call, part } from '../../api/client';
import type { Discarded } from '../../api/types';
import { useAction } from '../../app/action';
import { notify } from '../../components/notify';
import { useText } from '../../i18n/text';

// Not the study itself: it would be asked for once more, and not be found.
const kLists = [['studies'], ['trash'], ['labels'], ['state']];

/** Does something to each study. What did not work for one does not hide what worked for the others; throws if none did. */
async function forEach<T>(uids: string[], run: (uid: string) => Promise<T>): Promise<{ uid: string; answer: T }[]> {
  const ended = await Promise.allSettled(uids.map(async uid => ({ uid, answer: await run(uid) })));
  const worked = ended.flatMap(end => (end.status === 'fulfilled' ? [end.value] : []));
  const failed = ended.find(end => end.status === 'rejected');
  if (failed && worked.length === 0) throw failed.reason;
  return worked;
}

/** Moves studies to the trash, and offers for ten seconds to take that back. */
export function useDiscard() {
  const { t, f } = useText();
  const restore = useAction({
    run: (uids: string[]) => forEach(uids, uid => call(`api/trash/${part(uid)}/restore`, { method: 'POST' })),
    done: () => notify({ title: t.study.restored }),
    changes: kLists,
  });
  return useAction({
    run: (uids: string[]) => forEach(uids, uid => call<Discarded>(`api/studies/${part(uid)}`, { method: 'DELETE' })),
    done: (discarded, asked) => {
      const [first] = discarded;
      const left = asked.length - discarded.length;
      notify({
        title: t.study.deleted(discarded.length),
        description: [first && t.study.deletedUntil(f.day(first.answer.purge_at)), left > 0 && t.study.notDeleted(left)].filter(Boolean).join(' '),
        timeout: 10000,
        action: { label: t.common.undo, run: () => restore.mutate(discarded.map(({ uid }) => uid)) },
      });
    },
    changes: kLists,
  });
}
