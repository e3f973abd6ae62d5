import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { address, call } from '../../api/client';
import { useAction } from '../../app/action';
import { Button, ButtonAnchor } from '../../components/Button';
import { Dialog, DialogFooter } from '../../components/Dialog';
import { LoadError, ProgressBar, Skeleton } from '../../components/Status';
import { useText } from '../../i18n/text';
import style from './Imports.module.css';
import { importQuery } from './queries';
import type { FileOutcome, ImportDetail, ImportOrder } from './types';

const kOutcomes: FileOutcome[] = ['stored', 'new', 'present', 'duplicate', 'replaced', 'differs', 'refused', 'not_dicom', 'unreadable', 'missing', 'lost', 'noted'];

function Counts({ detail }: { detail: ImportDetail }) {
  const { t, f } = useText();
  return (
    <table className={style.counts}>
      <caption className="visually-hidden">{t.imports.report}</caption>
      <tbody>
        <tr><th scope="row">{t.imports.found}</th><td>{f.number(detail.counts.found)}</td></tr>
        {kOutcomes.filter(outcome => detail.counts[outcome] > 0).map(outcome => (
          <tr key={outcome}><th scope="row">{t.imports.outcomes[outcome]}</th><td>{f.number(detail.counts[outcome])}</td></tr>
        ))}
      </tbody>
    </table>
  );
}

function Reasons({ detail }: { detail: ImportDetail }) {
  const { t, f, say } = useText();
  if (detail.reasons.length === 0) return null;
  return (
    <>
      <h3>{t.imports.reasons}</h3>
      <ul className={style.reasons}>
        {detail.reasons.map(({ outcome, reason, files }) => <li key={outcome + reason}>{f.number(files)} × {t.imports.outcomes[outcome]}: {say(reason)}</li>)}
      </ul>
    </>
  );
}

/** How far an import is, and what has become of its files. A dry run can be made a real one. */
export function ImportDialog({ id, onClose, onStarted }: { id: number; onClose: () => void; onStarted: (job: number) => void }) {
  const { t, f, say } = useText();
  const found = useQuery({ ...importQuery(id), refetchInterval: query => (query.state.data?.state === 'running' || query.state.data?.state === 'waiting' ? 1500 : false) });
  const detail = found.data;
  const start = useAction({
    run: (order: ImportOrder) => call<{ job: number }>('api/imports', { method: 'POST', body: order }),
    done: answer => onStarted(answer.job),
    changes: [['imports'], ['jobs'], ['state']],
  });
  const cancel = useAction({ run: () => call(`api/jobs/${id}/cancel`, { method: 'POST' }), changes: [['imports'], ['jobs'], ['state']] });
  const again = (from: ImportDetail): ImportOrder => ({
    source: from.kind === 'node' ? `node:${from.source}` : from.source, kind: from.kind, dry_run: false, rate: from.rate, hours: from.hours, from: from.from, to: from.to,
  });
  const open = detail?.state === 'running' || detail?.state === 'waiting';
  return (
    <Dialog open onClose={onClose} wide title={detail ? say(detail.title) : t.imports.report}>
      {found.isPending && <Skeleton />}
      {found.error && !detail && <LoadError error={found.error} retry={() => void found.refetch()} />}
      {detail && (
        <div className={style.stack}>
          <p role="status">{t.queue.states[detail.state]}{detail.message && ` · ${say(detail.message)}`}{detail.next_attempt && ` · ${t.queue.next(f.until(detail.next_attempt))}`}</p>
          {open && <ProgressBar label={say(detail.title)} tone="accent" value={detail.total > 0 ? detail.done / detail.total : null} />}
          <Counts detail={detail} />
          <Reasons detail={detail} />
          <DialogFooter>
            <ButtonAnchor icon={<Download size={16} aria-hidden />} href={address(`api/imports/${id}/report?format=csv`)} download>CSV</ButtonAnchor>
            <ButtonAnchor icon={<Download size={16} aria-hidden />} href={address(`api/imports/${id}/report?format=json`)} download>JSON</ButtonAnchor>
            {open && <Button busy={cancel.isPending} onClick={() => cancel.mutate()}>{t.queue.cancel}</Button>}
            {detail.dry_run && detail.state === 'done' && <Button kind="primary" busy={start.isPending} onClick={() => start.mutate(again(detail))}>{t.imports.now}</Button>}
          </DialogFooter>
        </div>
      )}
    </Dialog>
  );
}
