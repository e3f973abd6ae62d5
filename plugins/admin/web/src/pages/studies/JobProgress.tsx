import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { jobsQuery } from '../../api/queries';
import type { Job } from '../../api/types';
import { ProgressBar } from '../../components/Status';
import { useText } from '../../i18n/text';

export type Stage = 'underway' | 'trouble' | 'done' | 'failed' | 'cancelled';

/** Where it is. One that waits for another attempt, or makes it and has got nowhere, has met a node that does not answer or accept. */
export function stageOf(job: Pick<Job, 'state' | 'next_attempt' | 'attempts' | 'done'> | undefined): Stage {
  if (job?.state === 'waiting') return job.next_attempt ? 'trouble' : 'underway';
  if (job?.state === 'running') return job.attempts > 1 && job.done === 0 ? 'trouble' : 'underway';
  return job?.state ?? 'underway';
}

/** How far a sending job is, in a message at the edge of the screen. `onStage` hears of each stage it comes to. */
export function JobProgress({ job: id, node, onStage }: { job: number; node: string; onStage: (stage: Stage) => void }) {
  const { t, f, say } = useText();
  const told = useRef<Stage>('underway');
  const { data: jobs = [] } = useQuery({ ...jobsQuery, refetchInterval: query => {
    const state = query.state.data?.find(other => other.id === id)?.state;
    return state === undefined || state === 'waiting' || state === 'running' ? 1000 : false;
  } });
  const job = jobs.find(other => other.id === id);
  const stage = stageOf(job);
  useEffect(() => {
    if (told.current === stage) return;
    told.current = stage;
    onStage(stage);
  }, [stage, onStage]);

  const said = () => {
    if (job?.state === 'waiting' && job.next_attempt) return t.send.again(f.until(job.next_attempt));
    if (job?.state === 'running') return t.send.of(f.number(job.done), f.number(job.total));
    return stage === 'underway' ? t.send.waiting : '';
  };
  const wrong = stage === 'failed' || stage === 'trouble';
  return (
    <>
      <p role="status" className="numeric">{said()}</p>
      {wrong && job?.message && <p>{say(job.message)}</p>}
      <ProgressBar label={t.send.queued(node)} tone={wrong ? 'danger' : stage === 'done' ? 'good' : 'accent'}
        value={stage === 'done' ? 1 : job && job.total > 0 ? job.done / job.total : null} />
      <a href="#/queue">{t.send.toQueue}</a>
    </>
  );
}
