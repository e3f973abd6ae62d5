import { MoreHorizontal, Trash2 } from 'lucide-react';
import { useMemo } from 'react';
import { call, part } from '../../api/client';
import type { WorklistItem } from '../../api/types';
import { useAction } from '../../app/action';
import { useAccess } from '../../app/session';
import { Button, IconButton } from '../../components/Button';
import { DataTable, type Column } from '../../components/DataTable';
import { Menu, MenuItem } from '../../components/Menu';
import { notify } from '../../components/notify';
import { Badge } from '../../components/Status';
import { personName } from '../../i18n/person_name';
import { useText } from '../../i18n/text';
import { originText } from './origin';
import style from './Worklist.module.css';

const kTones: Record<string, 'accent' | 'warning' | 'good' | 'neutral'> = { SCHEDULED: 'accent', STARTED: 'warning', COMPLETED: 'good', DISCONTINUED: 'neutral' };

/** Cancelling is undone as easily as it is done: modalities are told of the entry again. */
function ItemActions({ item, onRemove }: { item: WorklistItem; onRemove: (item: WorklistItem) => void }) {
  const { t } = useText();
  const name = personName(item.patient_name);
  const change = useAction({
    run: (status: string) => call(`api/worklist/${part(item.id)}/status`, { method: 'PUT', body: { status } }),
    done: (_, status) => notify({
      title: status === 'DISCONTINUED' ? t.worklist.cancelled(name) : t.worklist.scheduledAgain(name),
      ...(status === 'DISCONTINUED' && { action: { label: t.common.undo, run: () => change.mutate(item.status) } }),
    }),
    changes: [['worklist']],
  });
  return (
    <div className={style.actions}>
      {(item.status === 'SCHEDULED' || item.status === 'STARTED')
        && <Button small busy={change.isPending} aria-label={`${t.worklist.cancel}: ${name}`} onClick={() => change.mutate('DISCONTINUED')}>{t.worklist.cancel}</Button>}
      {item.status === 'DISCONTINUED'
        && <Button small busy={change.isPending} aria-label={`${t.worklist.again}: ${name}`} onClick={() => change.mutate('SCHEDULED')}>{t.worklist.again}</Button>}
      <Menu trigger={<IconButton label={`${t.common.moreActions}: ${name}`} icon={<MoreHorizontal size={18} aria-hidden />} />}>
        <MenuItem danger icon={<Trash2 size={16} aria-hidden />} onClick={() => onRemove(item)}>{t.worklist.remove}</MenuItem>
      </Menu>
    </div>
  );
}

export function WorklistTable({ items, onRemove }: { items: WorklistItem[]; onRemove: (item: WorklistItem) => void }) {
  const { t, f } = useText();
  const { can } = useAccess();
  const manages = can('worklist.manage');
  const statuses: Record<string, string> = t.worklist.statuses;
  const columns = useMemo<Column<WorklistItem>[]>(() => [
    { id: 'when', header: t.worklist.when, cell: item => <span className="numeric">{f.date(item.date)}<span className={style.small}>{/^0*$/.test(item.time) ? t.worklist.noTime : f.time(item.time)}</span></span> },
    {
      id: 'patient', header: t.studies.patient,
      cell: item => (
        <>
          <strong>{personName(item.patient_name)}</strong>{item.patient_name_ideographic && <span className="muted"> {personName(item.patient_name_ideographic)}</span>}
          <span className={style.small}>{[item.patient_id, item.patient_birth_date && t.studies.born(f.date(item.patient_birth_date))].filter(Boolean).join(' · ')}</span>
        </>
      ),
    },
    { id: 'what', header: t.worklist.what, cell: item => <><Badge>{item.modality}</Badge> {item.description}<span className={style.small}>{[item.accession_number, item.referring_physician && personName(item.referring_physician)].filter(Boolean).join(' · ')}</span></> },
    { id: 'station', header: t.worklist.station, cell: item => <><span className="mono">{item.station}</span><span className={style.small}>{item.station_name}</span></> },
    { id: 'status', header: t.worklist.status, cell: item => <Badge tone={kTones[item.status] ?? 'neutral'}>{statuses[item.status] ?? item.status}</Badge> },
    { id: 'origin', header: t.worklist.origin, cell: item => <span className="muted">{originText(item.origin, t)}</span> },
    ...(manages ? [{ id: 'actions', header: t.common.actions, hiddenHeader: true, cell: (item: WorklistItem) => <ItemActions item={item} onRemove={onRemove} /> }] : []),
  ], [t, f, manages, statuses, onRemove]);
  const over = (item: WorklistItem) => (item.status === 'COMPLETED' || item.status === 'DISCONTINUED' ? style.over : undefined);
  return <DataTable caption={t.worklist.title} columns={columns} rows={items} rowKey={item => item.id} rowClass={over} />;
}
