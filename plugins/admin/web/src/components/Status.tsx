import { AlertTriangle, Inbox } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { ApiError } from '../api/client';
import { useText, type Say } from '../i18n/text';
import { Button } from './Button';
import style from './Status.module.css';

/** What to tell people about an error. The server's word is in English: in other languages the gist of it comes first. */
export function useErrorText(): (error: unknown, saying?: Say) => string {
  const { t, language, say } = useText();
  const gist: Record<number, string> = t.common.refusals;
  return (error, saying = say) => {
    if (!(error instanceof ApiError)) return t.common.failed;
    if (error.status === 0) return t.common.unreachable;
    const said = error.detail || error.title;
    const own = saying(said);
    return [said && (language === 'en' || own !== said) ? '' : gist[error.status], own].filter(Boolean).join(' ') || t.common.failed;
  };
}

/** Instead of a list that is empty: what that means, and what can be done. */
export function Empty({ title, children, icon, action }: { title: string; children?: ReactNode; icon?: ReactNode; action?: ReactNode }) {
  return (
    <div className={style.empty}>
      <div className={style.icon} aria-hidden="true">{icon ?? <Inbox size={28} />}</div>
      <p className={style.title}>{title}</p>
      {children && <p className={style.text}>{children}</p>}
      {action}
    </div>
  );
}

/** Instead of something that could not be loaded. */
export function LoadError({ error, retry }: { error: unknown; retry: () => void }) {
  const { t } = useText();
  const text = useErrorText();
  return (
    <div role="alert">
      <Empty title={t.common.loadFailed} icon={<AlertTriangle size={28} />} action={<Button onClick={retry}>{t.common.retry}</Button>}>
        {text(error)}
      </Empty>
    </div>
  );
}

/** A note in a form or on a page. One that something did not work comes into sight. */
export function Note({ tone = 'info', title, children }: { tone?: 'info' | 'warning' | 'danger' | 'good'; title?: string; children?: ReactNode }) {
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => { if (tone === 'danger') note.current?.scrollIntoView({ block: 'nearest' }); }, [tone]);
  return (
    <div ref={note} className={`${style.note} ${style[tone]}`} role={tone === 'danger' ? 'alert' : undefined}>
      {title && <p className={style.noteTitle}>{title}</p>}
      {children && <div>{children}</div>}
    </div>
  );
}

/** Grey bars while something loads; read out as one word. */
export function Skeleton({ rows = 6 }: { rows?: number }) {
  const { t } = useText();
  return (
    <div className={style.skeleton} role="status">
      <span className="visually-hidden">{t.app.loading}</span>
      {Array.from({ length: rows }, (_, row) => <div key={row} className={style.bar} />)}
    </div>
  );
}

/** A word on a coloured ground; the word carries the meaning, the colour repeats it. */
export function Badge({ tone = 'neutral', children }: { tone?: 'neutral' | 'good' | 'warning' | 'danger' | 'accent'; children: ReactNode }) {
  return <span className={`${style.badge} ${style[`badge-${tone}`]}`}>{children}</span>;
}

/** How far something is; without `value` it is under way, and nobody knows how far. */
export function ProgressBar({ value, label, tone = 'accent' }: { value: number | null; label: string; tone?: 'accent' | 'good' | 'danger' }) {
  return (
    <progress className={`${style.progress} ${style[`progress-${tone}`]}`} aria-label={label} max={1} {...(value === null ? {} : { value })} />
  );
}
