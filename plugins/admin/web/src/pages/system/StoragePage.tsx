import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { storageQuery } from '../../api/queries';
import type { ModalityUse, Storage } from '../../api/types';
import { DataTable, type Column } from '../../components/DataTable';
import { Card, Page } from '../../components/Page';
import { LoadError, Skeleton } from '../../components/Status';
import { useText } from '../../i18n/text';
import { MaintenanceCard } from './MaintenanceCard';
import style from './System.module.css';

const kNearlyFull = 0.9;

function Room({ total, available }: { total: number; available: number }) {
  const { t, f } = useText();
  return (
    <>
      <div className={style.disk}>
        <strong className={style.big}>{f.bytes(available)}</strong> {t.storage.free} <span className="muted">{t.storage.of(f.bytes(total))}</span>
      </div>
      <meter className={style.meter} aria-label={t.storage.used} min={0} max={1} high={kNearlyFull} optimum={0} value={1 - available / (total || 1)} />
    </>
  );
}

function Disk({ storage }: { storage: Storage }) {
  const { t, f } = useText();
  return (
    <Card>
      <div className={style.stack}>
        {storage.total !== null && storage.available !== null && <Room total={storage.total} available={storage.available} />}
        <dl className={style.figures}>
          <div><dt>{t.storage.forecast}</dt><dd>{storage.full_in_days === null ? t.storage.noForecast : t.storage.days(storage.full_in_days)}</dd></div>
          <div><dt>{t.storage.archive}</dt><dd>{f.bytes(storage.bytes)}</dd></div>
          <div><dt>{t.storage.studies}</dt><dd>{f.number(storage.studies)}</dd></div>
          <div><dt>{t.storage.series}</dt><dd>{f.number(storage.series)}</dd></div>
          <div><dt>{t.storage.instances}</dt><dd>{f.number(storage.instances)}</dd></div>
          <div><dt>{t.storage.oldest}</dt><dd>{storage.oldest ? f.date(storage.oldest) : t.common.none}</dd></div>
          <div><dt>{t.storage.newest}</dt><dd>{storage.newest ? f.date(storage.newest) : t.common.none}</dd></div>
        </dl>
      </div>
    </Card>
  );
}

function Modalities({ storage }: { storage: Storage }) {
  const { t, f } = useText();
  const total = storage.modalities.reduce((sum, use) => sum + use.bytes, 0) || 1;
  const columns = useMemo<Column<ModalityUse>[]>(() => [
    { id: 'modality', header: t.storage.modality, value: use => use.modality, cell: use => <strong>{use.modality}</strong> },
    { id: 'series', header: t.storage.series, numeric: true, value: use => use.series, cell: use => f.number(use.series) },
    { id: 'instances', header: t.storage.instances, numeric: true, value: use => use.instances, cell: use => f.number(use.instances) },
    { id: 'bytes', header: t.storage.size, numeric: true, value: use => use.bytes, cell: use => f.bytes(use.bytes) },
    { id: 'share', header: t.storage.share, numeric: true, value: use => use.bytes, cell: use => f.percent(use.bytes / total) },
  ], [t, f, total]);
  return <DataTable caption={t.storage.perModality} columns={columns} rows={storage.modalities} rowKey={use => use.modality} />;
}

export default function StoragePage() {
  const { t } = useText();
  const storage = useQuery({ ...storageQuery, refetchInterval: 30000 });
  return (
    <Page title={t.storage.title}>
      {storage.isPending && <Skeleton />}
      {storage.error && !storage.data && <LoadError error={storage.error} retry={() => void storage.refetch()} />}
      {storage.data && (
        <>
          <Disk storage={storage.data} />
          <MaintenanceCard storage={storage.data} />
          {storage.data.modalities.length > 0 && <Card title={t.storage.perModality} flush><Modalities storage={storage.data} /></Card>}
        </>
      )}
    </Page>
  );
}
