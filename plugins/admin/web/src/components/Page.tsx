import { useEffect, type ReactNode } from 'react';
import style from './Page.module.css';

interface Props { title: string; intro?: string; actions?: ReactNode; children: ReactNode }

/** A page that scrolls as a whole: its heading, what can be done, its content. */
export function Page({ title, intro, actions, children }: Props) {
  usePageTitle(title);
  return (
    <div className={style.scroller}>
      <div className={style.page}>
        <header className={style.head}>
          <div>
            <h1>{title}</h1>
            {intro && <p className="muted">{intro}</p>}
          </div>
          {actions && <div className={style.actions}>{actions}</div>}
        </header>
        {children}
      </div>
    </div>
  );
}

export function usePageTitle(title: string): void {
  useEffect(() => { document.title = `${title} · Fermata`; }, [title]);
}

/** A part of a page on a ground of its own. */
export function Card({ title, intro, actions, children, flush = false }:
  { title?: string; intro?: string; actions?: ReactNode; children: ReactNode; flush?: boolean }) {
  return (
    <section className={style.card} aria-label={title}>
      {title && (
        <header className={style.cardHead}>
          <div>
            <h2>{title}</h2>
            {intro && <p className="muted">{intro}</p>}
          </div>
          {actions && <div className={style.actions}>{actions}</div>}
        </header>
      )}
      <div className={flush ? undefined : style.cardBody}>{children}</div>
    </section>
  );
}

export const Columns = ({ children }: { children: ReactNode }) => <div className={style.columns}>{children}</div>;
