import { useQuery } from '@tanstack/react-query';
import { ListChecks } from 'lucide-react';
import { useMemo, useState } from 'react';
import { jobsQuery } from '../../api/queries';
import type { Job, JobState } from '../../api/types';
import { DataTable, type Column } from '../../components/DataTable';
import { Card, Page } from '../../components/Page';
import { Segments } from '../../components/Segments';
import { Empty, LoadError, Skeleton } from '../../components/Status';
import { useText } from '../../i18n/text';
import { JobActions } from './JobActions';
import { jobTitle } from './job_title';
import { JobState as StateBadge } from './JobState';
import { JobMeter } from './JobMeter';
import style from './Queue.module.css';

type Shown = JobState | 'all';
const kShown: Shown[] = ['all', 'running', 'waiting', 'failed', 'done', 'cancelled'];

export default function QueuePage() {
  const { t, f, say } = useText();
  const [state, setState] = useState<Shown>('all');
  const jobs = useQuery({ ...jobsQuery, refetchInterval: query => (query.state.data?.some(job => job.state === 'running' || job.state === 'waiting') ? 1500 : 5000) });
  const all = jobs.data ?? [];
  const count = (shown: Shown) => (shown === 'all' ? all.length : all.filter(job => job.state === shown).length);
  const rows = state === 'all' ? all : all.filter(job => job.state === state);
  const columns = useMemo<Column<Job>[]>(() => [
    {
      id: 'job', header: t.queue.job, value: job => jobTitle(job, t, f, say),
      cell: job => <div className={style.job}><strong>{jobTitle(job, t, f, say)}</strong>{job.message && <span className={job.state === 'failed' ? style.bad : style.message}>{say(job.message)}</span>}</div>,
    },
    { id: 'state', header: t.queue.state, value: job => job.state, cell: job => <StateBadge job={job} /> },
    { id: 'progress', header: t.queue.progress, cell: job => <JobMeter job={job} /> },
    { id: 'user', header: t.queue.by, minor: true, value: job => job.user, cell: job => job.user || t.common.none },
    { id: 'changed', header: t.queue.changed, minor: true, value: job => job.changed, cell: job => <span title={f.moment(job.changed)}>{f.ago(job.changed)}</span> },
    { id: 'actions', header: t.common.actions, hiddenHeader: true, cell: job => <JobActions job={job} /> },
  ], [t, f, say]);
  return (
    <Page title={t.queue.title} intro={t.queue.intro}>
      <Segments label={t.queue.filter} value={state} onChange={setState}
        options={kShown.map(value => ({ value, label: value === 'all' ? t.queue.all : t.queue.states[value], count: count(value) }))} />
      <Card flush>
        {jobs.isPending && <Skeleton />}
        {jobs.error && !jobs.data && <LoadError error={jobs.error} retry={() => void jobs.refetch()} />}
        {jobs.data && rows.length === 0 && <Empty title={t.queue.emptyTitle} icon={<ListChecks size={28} />}>{all.length === 0 ? t.queue.empty : t.queue.emptyState}</Empty>}
        {rows.length > 0 && <DataTable caption={t.queue.title} columns={columns} rows={rows} rowKey={job => String(job.id)} />}
      </Card>
    </Page>
  );
}
