import { useQuery } from '@tanstack/react-query';
import { ChartColumn, Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import { kStatisticsDays, statisticsQuery } from '../../api/queries';
import type { Arrival } from '../../api/types';
import { Button } from '../../components/Button';
import { DataTable, type Column } from '../../components/DataTable';
import { Card, Columns, Page } from '../../components/Page';
import { Segments } from '../../components/Segments';
import { Empty, LoadError, Skeleton } from '../../components/Status';
import { useText } from '../../i18n/text';
import { ArrivalChart, type Measure } from './ArrivalChart';
import { barsOf, csvOf, dayAgo, daysCounted, sharesOf, sum, within, type Share } from './arrivals';
import style from './Statistics.module.css';

type Range = '7' | '30' | '90' | '365';
const kRanges: Range[] = ['7', '30', '90', '365'];
const kRefresh = 60000;

/** By node, with the last arrival of each, or by modality. */
function Shares({ caption, name, shares, last }: { caption: string; name: string; shares: Share[]; last?: string }) {
  const { t, f } = useText();
  const total = sum(shares).instances || 1;
  const columns = useMemo<Column<Share>[]>(() => [
    { id: 'name', header: name, value: share => share.name, cell: share => (share.name ? <strong>{share.name}</strong> : <span className="muted">{t.statistics.noNode}</span>) },
    ...(last ? [{ id: 'last', header: last, value: (share: Share) => share.last, cell: (share: Share) => <span className="numeric">{f.date(share.last)}</span> }] : []),
    { id: 'instances', header: t.storage.instances, numeric: true, value: share => share.instances, cell: share => f.number(share.instances) },
    { id: 'bytes', header: t.storage.size, numeric: true, value: share => share.bytes, cell: share => f.bytes(share.bytes) },
    ...(last ? [] : [{ id: 'share', header: t.storage.share, numeric: true, value: (share: Share) => share.instances, cell: (share: Share) => f.percent(share.instances / total) }]),
  ], [t, f, name, last, total]);
  return <Card title={caption} flush><DataTable caption={caption} columns={columns} rows={shares} rowKey={share => share.name} /></Card>;
}

function Received({ known, days, now }: { known: Arrival[]; days: number; now: Date }) {
  const { t, f } = useText();
  const [measure, setMeasure] = useState<Measure>('instances');
  const arrivals = useMemo(() => within(known, days, now), [known, days, now]);
  const bars = useMemo(() => barsOf(arrivals, days, now), [arrivals, days, now]);
  const nodes = useMemo(() => sharesOf(arrivals, 'node', known), [arrivals, known]);
  const modalities = useMemo(() => sharesOf(arrivals, 'modality'), [arrivals]);
  const total = sum(arrivals);
  const today = sum(arrivals.filter(arrival => arrival.date === dayAgo(now, 0)));
  return (
    <>
      <Card>
        <dl className={style.figures}>
          <div><dt>{t.studies.today}</dt><dd>{t.studies.instances(today.instances)}</dd></div>
          <div><dt>{t.statistics.inDays(days)}</dt><dd>{t.studies.instances(total.instances)}</dd></div>
          <div><dt>{t.storage.size}</dt><dd>{f.bytes(total.bytes)}</dd></div>
          <div><dt>{t.statistics.perDay}</dt><dd>{t.studies.instances(Math.round(total.instances / daysCounted(known, days, now)))}</dd></div>
          <div><dt>{t.statistics.senders}</dt><dd>{f.number(nodes.filter(node => node.name && node.instances > 0).length)}</dd></div>
        </dl>
      </Card>
      {total.instances === 0
        ? <Card><Empty title={t.statistics.nothing} icon={<ChartColumn size={28} />} /></Card>
        : (
          <Card title={days > 90 ? t.statistics.perWeekTitle : t.statistics.perDayTitle} actions={(
            <Segments label={t.statistics.measure} value={measure} onChange={setMeasure}
              options={[{ value: 'instances', label: t.storage.instances }, { value: 'bytes', label: t.storage.size }]} />
          )}>
            <ArrivalChart bars={bars} measure={measure} label={days > 90 ? t.statistics.perWeekTitle : t.statistics.perDayTitle} />
          </Card>
        )}
      <Columns>
        {nodes.length > 0 && <Shares caption={t.statistics.perNode} name={t.statistics.node} shares={nodes} last={t.statistics.lastArrival} />}
        {modalities.length > 0 && <Shares caption={t.storage.perModality} name={t.storage.modality} shares={modalities} />}
      </Columns>
    </>
  );
}

function save(text: string, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

export default function StatisticsPage() {
  const { t, language } = useText();
  const [range, setRange] = useState<Range>('30');
  const statistics = useQuery({ ...statisticsQuery, refetchInterval: kRefresh });
  const known = statistics.data;
  // The day may end while the page is open: each answer is looked at on the day it came.
  const now = useMemo(() => new Date(statistics.dataUpdatedAt), [statistics.dataUpdatedAt]);
  const days = Number(range);
  const download = () => {
    const rows = within(known ?? [], days, now).map(({ date, node, modality, instances, bytes }) => [date.replace(/(....)(..)(..)/, '$1-$2-$3'), node, modality, instances, bytes]);
    const head = [t.statistics.day, t.statistics.node, t.storage.modality, t.storage.instances, t.statistics.bytes];
    // Spreadsheets expect what their language writes: where the comma is a decimal one, it separates no columns.
    save(csvOf([head, ...rows], language === 'de' ? ';' : ','), `fermata-${dayAgo(now, days - 1)}-${dayAgo(now, 0)}.csv`);
  };
  return (
    <Page title={t.statistics.title} intro={t.statistics.intro} actions={(
      <>
        <Segments label={t.statistics.range} value={range} onChange={setRange} options={kRanges.map(value => ({ value, label: t.statistics.days(Number(value)) }))} />
        <Button icon={<Download size={16} aria-hidden />} disabled={!known} onClick={download}>{t.audit.csv}</Button>
      </>
    )}>
      {statistics.isPending && <Skeleton />}
      {statistics.error && !known && <LoadError error={statistics.error} retry={() => void statistics.refetch()} />}
      {known && <Received known={known} days={Math.min(days, kStatisticsDays)} now={now} />}
    </Page>
  );
}
