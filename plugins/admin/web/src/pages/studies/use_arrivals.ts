import { useEffect, useRef, useState, type RefObject } from 'react';
import type { StudyOrder } from '../../api/queries';
import type { Study } from '../../api/types';

const kFresh = 5000;
const uidsOf = (studies: Study[]) => new Set(studies.map(study => study.study_instance_uid));

/** Which studies came while the list was on the screen; they are counted while the list is scrolled away from its top. */
export function useArrivals(studies: Study[], order: StudyOrder, away: RefObject<unknown>) {
  const known = useRef<{ uids: Set<string>; first: string | undefined; order: StudyOrder } | null>(null);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const [unseen, setUnseen] = useState(0);

  useEffect(() => {
    const before = known.current;
    known.current = { uids: uidsOf(studies), first: studies[0]?.study_instance_uid, order };
    if (!before || before.uids.size === 0 || before.order !== order) return undefined;
    const oldFirst = studies.findIndex(study => study.study_instance_uid === before.first);
    // Only what stands above the study that was the first: the rest is another page of the list.
    const arrived = studies.slice(0, Math.max(0, oldFirst)).filter(study => !before.uids.has(study.study_instance_uid));
    if (arrived.length === 0) return undefined;
    setFresh(uidsOf(arrived));
    if (away.current) setUnseen(count => count + arrived.length);
    const timer = setTimeout(() => setFresh(new Set()), kFresh);
    return () => clearTimeout(timer);
  }, [studies, order, away]);

  return { fresh, unseen, seen: () => setUnseen(0) };
}
