import { useQuery } from '@tanstack/react-query';
import { ArchiveRestore, Trash2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { call, part } from '../../api/client';
import { trashQuery } from '../../api/queries';
import type { TrashedStudy } from '../../api/types';
import { useAction } from '../../app/action';
import { Button, IconButton } from '../../components/Button';
import { DataTable, type Column } from '../../components/DataTable';
import { Confirm } from '../../components/Dialog';
import { notify } from '../../components/notify';
import { Card, Page } from '../../components/Page';
import { Badge, Empty, LoadError, Skeleton } from '../../components/Status';
import { personName } from '../../i18n/person_name';
import { useText } from '../../i18n/text';
import style from './System.module.css';

export default function TrashPage() {
  const { t, f } = useText();
  const trash = useQuery(trashQuery);
  const [purging, setPurging] = useState<TrashedStudy | null>(null);
  const nameOf = (study: TrashedStudy) => personName(study.patient_name) || t.studies.noName;
  const changes = [['trash'], ['studies'], ['study'], ['state']];
  const { mutate: restore, isPending: restoring, variables: restored } = useAction({
    run: (study: TrashedStudy) => call(`api/trash/${part(study.study_instance_uid)}/restore`, { method: 'POST' }),
    done: (_, study) => notify({ title: t.trash.restored(nameOf(study)) }),
    changes,
  });
  const purge = useAction({
    run: (study: TrashedStudy) => call(`api/trash/${part(study.study_instance_uid)}`, { method: 'DELETE' }),
    done: () => { setPurging(null); notify({ title: t.trash.purged }); },
    changes,
  });
  const columns = useMemo<Column<TrashedStudy>[]>(() => {
    const name = (study: TrashedStudy) => personName(study.patient_name) || t.studies.noName;
    return [
      { id: 'patient', header: t.studies.patient, value: study => name(study).toLowerCase(), cell: study => <><strong>{name(study)}</strong><span className={style.help}>{study.patient_id}</span></> },
      { id: 'study', header: t.studies.description, cell: study => <>{study.modalities.map(modality => <Badge key={modality}>{modality}</Badge>)} {study.description}<span className={style.help}>{f.date(study.date)}</span></> },
      { id: 'deleted', header: t.trash.deleted, value: study => study.discarded_at, cell: study => <>{f.ago(study.discarded_at)}<span className={style.help}>{study.user}</span></> },
      { id: 'purge', header: t.trash.purge, value: study => study.purge_at, cell: study => <span title={f.ago(study.purge_at)}>{f.day(study.purge_at)}</span> },
      { id: 'size', header: t.trash.size, numeric: true, minor: true, value: study => study.bytes, cell: study => <>{f.bytes(study.bytes)}<span className={style.help}>{t.studies.instances(study.instances)}</span></> },
      {
        id: 'actions', header: t.common.actions, hiddenHeader: true,
        cell: study => (
          <div className={style.actions}>
            <Button small icon={<ArchiveRestore size={15} aria-hidden />} busy={restoring && restored === study} aria-label={`${t.trash.restore}: ${name(study)}`} onClick={() => restore(study)}>{t.trash.restore}</Button>
            <IconButton label={`${t.trash.purgeNow}: ${name(study)}`} icon={<Trash2 size={16} aria-hidden />} onClick={() => setPurging(study)} />
          </div>
        ),
      },
    ];
  }, [t, f, restore, restoring, restored]);
  return (
    <Page title={t.trash.title} intro={t.trash.intro}>
      <Card flush>
        {trash.isPending && <Skeleton />}
        {trash.error && !trash.data && <LoadError error={trash.error} retry={() => void trash.refetch()} />}
        {trash.data?.length === 0 && <Empty title={t.trash.emptyTitle} icon={<Trash2 size={28} />}>{t.trash.empty}</Empty>}
        {trash.data && trash.data.length > 0 && <DataTable caption={t.trash.title} columns={columns} rows={trash.data} rowKey={study => study.study_instance_uid} />}
      </Card>
      <Confirm open={purging !== null} title={purging ? t.trash.purgeTitle(nameOf(purging)) : ''} text={t.trash.purgeHelp(purging?.instances ?? 0)} action={t.trash.purgeNow}
        busy={purge.isPending} onConfirm={() => { if (purging) purge.mutate(purging); }} onClose={() => setPurging(null)} />
    </Page>
  );
}
