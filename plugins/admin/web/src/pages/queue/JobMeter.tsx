import type { Job } from '../../api/types';
import { ProgressBar } from '../../components/Status';
import { useText } from '../../i18n/text';
import { jobTitle } from './job_title';
import style from './Queue.module.css';

/** How far a job is, how fast, and how long it will take. */
export function JobMeter({ job }: { job: Job }) {
  const { t, f, say } = useText();
  const running = job.state === 'running';
  const seconds = running && job.rate ? (job.total - job.done) / job.rate : null;
  const left = seconds !== null && t.queue.left(seconds < 90 ? t.queue.seconds(Math.ceil(seconds)) : t.queue.minutes(Math.ceil(seconds / 60)));
  const parts = [job.total > 0 ? t.send.of(f.number(job.done), f.number(job.total)) : f.number(job.done), running && job.rate && t.queue.rate(f.number(Math.round(job.rate * 10) / 10)), left];
  const tone = job.state === 'failed' ? 'danger' : job.state === 'done' ? 'good' : 'accent';
  return (
    <div className={style.meter}>
      <ProgressBar label={jobTitle(job, t, f, say)} tone={tone} value={job.total > 0 ? job.done / job.total : (running ? null : 0)} />
      <span className="muted numeric">{parts.filter(Boolean).join(' · ')}</span>
    </div>
  );
}
