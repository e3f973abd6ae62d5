import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { ApiError } from '../../api/client';
import { stationsQuery } from '../../api/queries';
import type { Station } from '../../api/types';
import { Button } from '../../components/Button';
import { Card } from '../../components/Page';
import { Badge, LoadError, Note, Skeleton } from '../../components/Status';
import { useText } from '../../i18n/text';
import style from './Nodes.module.css';

/** Machines that announce themselves on the network. */
export function Stations({ onAdd }: { onAdd: (station: Station) => void }) {
  const { t } = useText();
  const stations = useQuery({ ...stationsQuery, refetchInterval: query => (query.state.error ? false : 15000) });
  const items = stations.data?.items ?? [];
  // A server that does not look around says so once, with an error.
  if (stations.error instanceof ApiError && [404, 501].includes(stations.error.status)) return null;
  return (
    <Card title={t.stations.title} intro={t.stations.intro} flush>
      {stations.isPending && <Skeleton rows={2} />}
      {stations.error && !stations.data && <LoadError error={stations.error} retry={() => void stations.refetch()} />}
      {stations.data?.problem && <div className={style.pad}><Note tone="warning" title={t.stations.problem}>{stations.data.problem}</Note></div>}
      {stations.data && items.length === 0 && <p className={`${style.pad} muted`}>{t.stations.empty}</p>}
      <ul>
        {items.map(station => (
          <li key={`${station.ae_title} ${station.address}`} className={style.caller}>
            <div className={style.callerText}>
              <strong>{station.ae_title}</strong> <span className="muted numeric">{[station.description, `${station.host || station.address}:${station.port}`].filter(Boolean).join(' · ')}</span>
            </div>
            {station.known ? <Badge tone="good">{t.stations.known}</Badge>
              : <Button small icon={<Plus size={15} aria-hidden />} aria-label={`${t.stations.add}: ${station.ae_title}`} onClick={() => onAdd(station)}>{t.stations.add}</Button>}
          </li>
        ))}
      </ul>
    </Card>
  );
}
