import type { Job } from '../../api/types';
import { Badge } from '../../components/Status';
import { useText } from '../../i18n/text';

const tones = { waiting: 'neutral', running: 'accent', done: 'good', failed: 'danger', cancelled: 'neutral' } as const;

export function JobState({ job }: { job: Job }) {
  const { t, f } = useText();
  const more = [job.attempts > 1 && t.queue.attempts(job.attempts), job.next_attempt && t.queue.next(f.until(job.next_attempt))].filter(Boolean).join(', ');
  return <><Badge tone={tones[job.state]}>{t.queue.states[job.state]}</Badge>{more && <div className="muted">{more}</div>}</>;
}
