import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { jobsQuery } from '../../api/queries';
import { ProgressBar } from '../../components/Status';
import { useText } from '../../i18n/text';

/** How far a sending job is, in a message at the edge of the screen. */
export function JobProgress({ job: id, node, onEnd }: { job: number; node: string; onEnd: () => void }) {
  const { t, f } = useText();
  const ended = useRef(false);
  const { data: jobs = [] } = useQuery({ ...jobsQuery, refetchInterval: query => {
    const state = query.state.data?.find(other => other.id === id)?.state;
    return state === undefined || state === 'waiting' || state === 'running' ? 1000 : false;
  } });
  const job = jobs.find(other => other.id === id);
  const over = job?.state === 'done' || job?.state === 'cancelled';
  useEffect(() => {
    if (!over || ended.current) return;
    ended.current = true;
    onEnd();
  }, [over, onEnd]);

  const said = () => {
    if (job?.state === 'done') return t.send.done(node);
    if (job?.state === 'failed') return [t.send.failed(node), job.message].filter(Boolean).join(': ');
    if (job?.state === 'cancelled') return t.send.cancelled(node);
    return job?.state === 'running' ? t.send.of(f.number(job.done), f.number(job.total)) : t.send.waiting;
  };
  return (
    <>
      <p role="status" className="numeric">{said()}</p>
      <ProgressBar label={t.send.queued(node)} tone={job?.state === 'failed' ? 'danger' : job?.state === 'done' ? 'good' : 'accent'}
        value={job?.state === 'done' ? 1 : job && job.total > 0 ? job.done / job.total : null} />
      <a href="#/queue">{t.send.toQueue}</a>
    </>
  );
}
