import { useQuery } from '@tanstack/react-query';
import { FolderInput } from 'lucide-react';
import { useMemo, useState } from 'react';
import { ApiError } from '../../api/client';
import { DataTable, type Column } from '../../components/DataTable';
import { Button } from '../../components/Button';
import { Card, Page } from '../../components/Page';
import { Badge, Empty, LoadError, ProgressBar, Skeleton } from '../../components/Status';
import { useText } from '../../i18n/text';
import style from './Imports.module.css';
import { ImportDialog } from './ImportDialog';
import { importsQuery } from './queries';
import { SourceChooser } from './SourceChooser';
import type { ImportJob } from './types';

const tones = { waiting: 'neutral', running: 'accent', done: 'good', failed: 'danger', cancelled: 'neutral' } as const;

/** What people have elsewhere comes into the archive from here. */
export default function ImportsPage() {
  const { t, f, say } = useText();
  const [shown, setShown] = useState<number | null>(null);
  const imports = useQuery({
    ...importsQuery, refetchInterval: query => (query.state.data?.items.some(job => job.state === 'running' || job.state === 'waiting') ? 1500 : 10000),
  });
  const columns = useMemo<Column<ImportJob>[]>(() => [
    { id: 'source', header: t.imports.source, value: job => job.title, cell: job => <div className={style.source}><strong>{job.source}</strong><span className="muted">{t.imports.kinds[job.kind]}{job.dry_run && ` · ${t.imports.dryRun}`}</span></div> },
    { id: 'state', header: t.queue.state, value: job => job.state, cell: job => <Badge tone={tones[job.state]}>{t.queue.states[job.state]}</Badge> },
    {
      id: 'progress', header: t.queue.progress,
      cell: job => (
        <div className={style.progress}>
          {job.state === 'running' && <ProgressBar label={say(job.title)} tone="accent" value={job.total > 0 ? job.done / job.total : null} />}
          <span className="muted numeric">{say(job.message)}</span>
        </div>
      ),
    },
    { id: 'changed', header: t.queue.changed, minor: true, value: job => job.changed, cell: job => <span title={f.moment(job.changed)}>{f.ago(job.changed)}</span> },
    { id: 'actions', header: t.common.actions, hiddenHeader: true, cell: job => <Button small aria-label={`${t.imports.report}: ${say(job.title)}`} onClick={() => setShown(job.id)}>{t.imports.report}</Button> },
  ], [t, f, say]);
  const data = imports.data;
  // The plugin that does it may be switched off.
  const off = imports.error instanceof ApiError && imports.error.status === 404;
  return (
    <Page title={t.imports.title} intro={t.imports.intro}>
      {imports.isPending && <Skeleton />}
      {off && <Empty title={t.imports.off} icon={<FolderInput size={28} />}>{t.imports.offHelp}</Empty>}
      {imports.error && !off && !data && <LoadError error={imports.error} retry={() => void imports.refetch()} />}
      {data && <SourceChooser folders={data.folders} onStarted={setShown} />}
      {data && (
        <Card title={t.imports.past} flush>
          {data.items.length === 0
            ? <Empty title={t.imports.none} icon={<FolderInput size={28} />}>{t.imports.noneHelp}</Empty>
            : <DataTable caption={t.imports.past} columns={columns} rows={data.items} rowKey={job => String(job.id)} />}
        </Card>
      )}
      {shown !== null && <ImportDialog key={shown} id={shown} onClose={() => setShown(null)} onStarted={setShown} />}
    </Page>
  );
}
