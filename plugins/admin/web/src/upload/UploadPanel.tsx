import { useQueryClient } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { AlertTriangle, Check, ChevronDown, ChevronUp, Loader, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button, IconButton } from '../components/Button';
import { ProgressBar } from '../components/Status';
import { useText } from '../i18n/text';
import type { Messages } from '../i18n/en';
import type { Snapshot, UploadError, UploadItem } from './queue';
import { uploads, useUploads } from './uploads';
import style from './UploadPanel.module.css';

const kRow = 42;

function errorText(error: UploadError, t: Messages, say: (text: string) => string): string {
  if (error.detail) return say(error.detail);
  if (error.kind === 'too_large') return t.upload.tooLarge;
  return error.kind === 'nonsense' ? t.upload.notSupported : t.upload.lost;
}

const isProblem = (item: UploadItem) => item.state === 'failed' || item.results.some(result => result.outcome === 'refused' || result.outcome === 'not_dicom');

function useItemText(): (item: UploadItem) => string {
  const { t, f, say } = useText();
  return item => {
    if (item.error) return errorText(item.error, t, say);
    if (item.state === 'sending' && item.size > 0) return t.upload.sendingPercent(f.percent(Math.min(1, item.sent / item.size)));
    if (item.state !== 'done') return t.upload.state[item.state];
    const [first] = item.results;
    if (item.results.length === 1 && first) return [t.upload.outcome[first.outcome], say(first.reason)].filter(Boolean).join(': ');
    const counts = new Map<string, number>();
    for (const { outcome } of item.results) counts.set(t.upload.outcome[outcome], (counts.get(t.upload.outcome[outcome]) ?? 0) + 1);
    return [...counts].map(([text, n]) => `${f.number(n)} ${text}`).join(', ') || t.upload.state.done;
  };
}

function ItemIcon({ item }: { item: UploadItem }) {
  if (isProblem(item)) return <AlertTriangle size={15} className={style.bad} aria-hidden />;
  if (item.state === 'done') return <Check size={15} className={style.good} aria-hidden />;
  return <Loader size={15} className="muted" aria-hidden />;
}

function FileList({ items }: { items: readonly UploadItem[] }) {
  const { t } = useText();
  const text = useItemText();
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: items.length, getScrollElement: () => scroller.current, estimateSize: () => kRow, overscan: 6 });
  return (
    <div ref={scroller} className={style.list} tabIndex={0} role="list" aria-label={t.upload.list}>
      <div style={{ height: rows.getTotalSize() }} className={style.inner} role="presentation">
        {rows.getVirtualItems().map(row => {
          const item = items[row.index];
          return item && (
            <div key={item.id} role="listitem" className={style.item} style={{ transform: `translateY(${row.start}px)` }}>
              <ItemIcon item={item} />
              <div className={style.itemText}>
                <div className="ellipsis" title={item.name}>{item.name}</div>
                <div className={`ellipsis ${isProblem(item) ? style.bad : 'muted'}`} title={text(item)}>{text(item)}</div>
              </div>
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Counts({ outcomes }: { outcomes: Snapshot['outcomes'] }) {
  const { t } = useText();
  const present = outcomes.identical + outcomes.kept_first;
  const parts = [
    outcomes.stored + outcomes.replaced > 0 && t.upload.stored(outcomes.stored + outcomes.replaced),
    present > 0 && t.upload.present(present),
    outcomes.refused > 0 && t.upload.refused(outcomes.refused),
    outcomes.not_dicom > 0 && t.upload.notDicom(outcomes.not_dicom),
    outcomes.failed > 0 && t.upload.failed(outcomes.failed),
  ].filter(Boolean);
  return <p className="muted">{parts.join(' · ')}</p>;
}

/** Warns who leaves the page while files are on their way. */
function useLeaveWarning(active: boolean): void {
  useEffect(() => {
    if (!active) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [active]);
}

/** What is being uploaded, at the edge of the screen on every page. */
export default function UploadPanel() {
  const { t, f } = useText();
  const client = useQueryClient();
  const upload = useUploads();
  const [large, setLarge] = useState(true);
  const [onlyProblems, setOnlyProblems] = useState(false);
  useLeaveWarning(upload.active);
  useEffect(() => {
    if (!upload.active) void client.invalidateQueries({ queryKey: ['studies'] });
  }, [client, upload.active]);
  if (upload.items.length === 0) return null;

  const problems = upload.items.filter(isProblem);
  const title = upload.active ? t.upload.title : (problems.length > 0 ? t.upload.finishedBad : t.upload.finished);
  const progress = t.upload.progress(f.number(upload.finished), f.number(upload.items.length));
  return (
    <section className={style.panel} data-uploads aria-label={t.upload.title}>
      <header className={style.head}>
        <div className={style.heading}>
          <h2 role="status">{title}</h2>
          <p className="muted numeric">{progress}{upload.active && upload.bytes > 0 && ` · ${f.percent(upload.sent / upload.bytes)}`}</p>
        </div>
        <IconButton label={large ? t.upload.minimize : t.upload.expand} aria-expanded={large} icon={large ? <ChevronDown size={18} aria-hidden /> : <ChevronUp size={18} aria-hidden />} onClick={() => setLarge(!large)} />
        {!upload.active && <IconButton label={t.upload.clear} icon={<X size={18} aria-hidden />} onClick={() => uploads.clear()} />}
      </header>
      <ProgressBar label={t.upload.title} value={upload.bytes > 0 ? upload.sent / upload.bytes : null} tone={upload.active ? 'accent' : problems.length > 0 ? 'danger' : 'good'} />
      {large && (
        <div className={style.body}>
          <Counts outcomes={upload.outcomes} />
          <FileList items={onlyProblems ? problems : upload.items} />
          <div className={style.actions}>
            {problems.length > 0 && <Button small kind="quiet" aria-pressed={onlyProblems} onClick={() => setOnlyProblems(!onlyProblems)}>{onlyProblems ? t.common.all : t.upload.onlyProblems}</Button>}
            {upload.outcomes.failed > 0 && <Button small onClick={() => uploads.retryFailed()}>{t.upload.retryFailed}</Button>}
            {upload.active && <Button small onClick={() => uploads.stop()}>{t.upload.cancelAll}</Button>}
          </div>
        </div>
      )}
    </section>
  );
}
