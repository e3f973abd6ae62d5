import { RotateCw, Trash2 } from 'lucide-react';
import { call } from '../../api/client';
import type { Job } from '../../api/types';
import { useAction } from '../../app/action';
import { useAccess } from '../../app/session';
import { Button, IconButton } from '../../components/Button';
import { notify } from '../../components/notify';
import { useText } from '../../i18n/text';
import { jobTitle } from './job_title';
import style from './Queue.module.css';

/** What one may do with a job: with those of others only who may manage jobs. */
export function JobActions({ job }: { job: Job }) {
  const { t, f, say } = useText();
  const title = jobTitle(job, t, f, say);
  const { can, user } = useAccess();
  const changes = [['jobs'], ['state']];
  const path = `api/jobs/${job.id}`;
  const act = useAction({ run: (what: 'cancel' | 'retry') => call(`${path}/${what}`, { method: 'POST' }), changes });
  const remove = useAction({ run: () => call(path, { method: 'DELETE' }), done: () => notify({ title: t.queue.removed }), changes });
  if (!can('jobs.manage') && (!user || job.user !== user.name)) return null;
  const open = job.state === 'waiting' || job.state === 'running';
  return (
    <div className={style.actions}>
      {open && <Button small busy={act.isPending} aria-label={`${t.queue.cancel}: ${title}`} onClick={() => act.mutate('cancel')}>{t.queue.cancel}</Button>}
      {(job.state === 'failed' || job.state === 'cancelled') && (
        <Button small icon={<RotateCw size={14} aria-hidden />} busy={act.isPending} aria-label={`${t.queue.retry}: ${title}`} onClick={() => act.mutate('retry')}>{t.queue.retry}</Button>
      )}
      {!open && <IconButton label={`${t.queue.remove}: ${title}`} icon={<Trash2 size={16} aria-hidden />} disabled={remove.isPending} onClick={() => remove.mutate()} />}
    </div>
  );
}
