import { useMemo, useState } from 'react';
import type { Study } from '../../api/types';

export interface Selection {
  studies: Study[];
  last: string | null;
  has: (study: Study) => boolean;
  toggle: (study: Study) => void;
  add: (studies: Study[]) => void;
  clear: () => void;
}

/** The studies that are ticked; they stay so when the list is searched anew. */
export function useSelection(): Selection {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Study>>(new Map());
  const [last, setLast] = useState<string | null>(null);
  return useMemo(() => ({
    studies: [...chosen.values()],
    last,
    has: study => chosen.has(study.study_instance_uid),
    toggle: study => {
      const next = new Map(chosen);
      if (!next.delete(study.study_instance_uid)) next.set(study.study_instance_uid, study);
      setChosen(next);
      setLast(study.study_instance_uid);
    },
    add: studies => setChosen(new Map([...chosen, ...studies.map((study): [string, Study] => [study.study_instance_uid, study])])),
    clear: () => setChosen(new Map()),
  }), [chosen, last]);
}
