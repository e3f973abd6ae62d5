import { useQuery } from '@tanstack/react-query';
import { Archive, ShieldCheck } from 'lucide-react';
import { useMemo } from 'react';
import { ApiError, call } from '../../api/client';
import { backupsQuery, verificationQuery } from '../../api/queries';
import type { Backup, Backups, Verification } from '../../api/types';
import { useAction } from '../../app/action';
import { useAccess } from '../../app/session';
import { Button } from '../../components/Button';
import { DataTable, type Column } from '../../components/DataTable';
import { notify } from '../../components/notify';
import { Card, Page } from '../../components/Page';
import { Empty, LoadError, Note, Skeleton } from '../../components/Status';
import { useText } from '../../i18n/text';
import style from './System.module.css';

const kInterval = 5000;

function BackupList({ backups }: { backups: Backup[] }) {
  const { t, f } = useText();
  const columns = useMemo<Column<Backup>[]>(() => [
    { id: 'made', header: t.backups.made, value: backup => backup.made, cell: backup => <strong>{f.moment(backup.made)}</strong> },
    { id: 'name', header: t.backups.folder, cell: backup => <span className="numeric muted">{backup.name}</span> },
  ], [t, f]);
  return <DataTable caption={t.backups.kept} columns={columns} rows={backups} rowKey={backup => backup.name} />;
}

function BackupCard({ state }: { state: Backups }) {
  const { t, f, say } = useText();
  const { can } = useAccess();
  const begin = useAction({
    run: () => call('api/backups', { method: 'POST' }), done: () => notify({ title: t.backups.begun }), changes: [['backups'], ['jobs']],
  });
  if (state.destination === null) return <Note title={t.backups.noneConfigured}>{t.backups.configure}</Note>;
  const when = state.at ? t.backups.daily(state.at) : state.every_seconds > 0 ? t.backups.every(f.number(Math.round(state.every_seconds / 360) / 10)) : t.backups.byCommand;
  return (
    <>
      {state.trouble ? <Note tone="warning" title={say(state.trouble)} /> : <Note tone="good" title={t.backups.good} />}
      <Card>
        <div className={style.stack}>
          <dl className={style.figures}>
            <div><dt>{t.backups.lastGood}</dt><dd title={state.last_good ? f.moment(state.last_good) : undefined}>{state.last_good ? f.ago(state.last_good) : t.common.never}</dd></div>
            <div><dt>{t.backups.destination}</dt><dd>{state.destination}</dd></div>
            <div><dt>{t.backups.schedule}</dt><dd>{when}</dd></div>
          </dl>
          {state.report && <p className="muted">{say(state.report)}</p>}
          {can('jobs.manage') && (
            <div>
              <Button kind="primary" icon={<Archive size={16} aria-hidden />} busy={begin.isPending || state.job !== null} onClick={() => begin.mutate()}>
                {state.job === null ? t.backups.now : t.backups.running}
              </Button>
            </div>
          )}
        </div>
      </Card>
      <Card title={t.backups.kept} flush>
        {state.backups.length === 0 ? <Empty title={t.backups.none} /> : <BackupList backups={state.backups} />}
      </Card>
    </>
  );
}

function VerificationCard({ state }: { state: Verification }) {
  const { t, f } = useText();
  const { can } = useAccess();
  const begin = useAction({
    run: () => call('api/verification', { method: 'POST' }), done: () => notify({ title: t.backups.verifyBegun }), changes: [['verification'], ['jobs']],
  });
  return (
    <Card title={t.backups.verification}>
      <div className={style.stack}>
        <p className="muted">{t.backups.verificationHelp}</p>
        <dl className={style.figures}>
          <div><dt>{t.backups.lastVerified}</dt><dd title={state.ended ? f.moment(state.ended) : undefined}>{state.ended ? f.ago(state.ended) : t.common.never}</dd></div>
          {state.ended && (
            <>
              <div><dt>{t.backups.read}</dt><dd>{t.backups.objects(state.objects)}, {f.bytes(state.bytes)}</dd></div>
              <div><dt>{t.backups.healed}</dt><dd>{f.number(state.healed)}</dd></div>
              <div><dt>{t.backups.open}</dt><dd>{f.number(state.open)}</dd></div>
            </>
          )}
        </dl>
        {state.findings.length > 0 && (
          <details>
            <summary>{t.backups.findings(state.findings.length)}</summary>
            <ul>{state.findings.map(finding => <li key={finding}>{finding}</li>)}</ul>
          </details>
        )}
        {can('jobs.manage') && (
          <div>
            <Button icon={<ShieldCheck size={16} aria-hidden />} busy={begin.isPending || state.job !== null} onClick={() => begin.mutate()}>
              {state.job === null ? t.backups.verifyNow : t.backups.verifying}
            </Button>
          </div>
        )}
      </div>
    </Card>
  );
}

export default function BackupsPage() {
  const { t } = useText();
  const backups = useQuery({ ...backupsQuery, refetchInterval: kInterval });
  const verification = useQuery({ ...verificationQuery, refetchInterval: kInterval });
  // The plugin that makes them may be switched off.
  const off = backups.error instanceof ApiError && backups.error.status === 404;
  return (
    <Page title={t.backups.title}>
      {backups.isPending && <Skeleton />}
      {off && <Empty title={t.backups.off}>{t.backups.configure}</Empty>}
      {backups.error && !off && !backups.data && <LoadError error={backups.error} retry={() => void backups.refetch()} />}
      {backups.data && <BackupCard state={backups.data} />}
      {verification.data && <VerificationCard state={verification.data} />}
    </Page>
  );
}
