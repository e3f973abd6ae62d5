import { useQuery } from '@tanstack/react-query';
import { call, query } from '../../api/client';
import type { AuditEntry, Items } from '../../api/types';
import { useText } from '../../i18n/text';
import style from './Nodes.module.css';

type Use = 'store' | 'query' | 'get' | 'move';
const kUses: Use[] = ['store', 'query', 'get', 'move'];
const kLatest = 200;

async function latest(user: string, action: string, signal: AbortSignal): Promise<AuditEntry[]> {
  return (await call<Items<AuditEntry>>(`api/audit${query({ user, action, limit: kLatest })}`, { signal })).items;
}

/** When a node last did what, by the audit trail: what it had sent to a node was C-MOVE, what it took itself C-GET. */
async function usesOf(ae: string, signal: AbortSignal): Promise<Record<Use, string | undefined>> {
  const [stored, queried, sent] = await Promise.all(['study.store', 'query', 'study.send'].map(action => latest(ae, action, signal)));
  const moved = (entry: AuditEntry) => entry.detail.startsWith('to ');
  return {
    store: stored?.[0]?.time, query: queried?.[0]?.time,
    get: sent?.find(entry => !moved(entry))?.time, move: sent?.find(moved)?.time,
  };
}

/** What a node has done here so far, for those who may read the audit trail. */
export function NodeUses({ ae }: { ae: string }) {
  const { t, f } = useText();
  const { data } = useQuery({ queryKey: ['node-uses', ae], queryFn: ({ signal }) => usesOf(ae, signal) });
  if (!data) return null;
  return (
    <section className={style.other}>
      <h3>{t.assistant.used}</h3>
      <ul className={style.uses}>
        {kUses.map(use => {
          const time = data[use];
          return <li key={use}>{t.assistant.uses[use]}: <span className="numeric">{time ? f.moment(time) : t.common.never}</span></li>;
        })}
      </ul>
    </section>
  );
}
