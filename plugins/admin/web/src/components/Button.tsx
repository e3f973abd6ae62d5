import type { ButtonHTMLAttributes, ComponentProps, ReactNode } from 'react';
import { Link } from 'wouter';
import style from './Button.module.css';

type Kind = 'primary' | 'plain' | 'quiet' | 'danger';
const classes = (kind: Kind, small: boolean, extra?: string) =>
  [style.button, style[kind], small ? style.small : '', extra ?? ''].filter(Boolean).join(' ');

interface Look { kind?: Kind; small?: boolean; icon?: ReactNode }

/** A button with a text. While `busy` it cannot be pressed and says so; it keeps the focus, which a disabled one would lose. */
export function Button({ kind = 'plain', small = false, icon, busy = false, children, className, onClick, ...rest }:
  Look & { busy?: boolean } & ComponentProps<'button'>) {
  return (
    <button type="button" {...rest} aria-busy={busy || undefined} aria-disabled={busy || undefined} className={classes(kind, small, className)}
      onClick={event => { if (busy) event.preventDefault(); else onClick?.(event); }}>
      {busy ? <span className={style.spinner} aria-hidden="true" /> : icon}
      {children}
    </button>
  );
}

/** A button of an icon only; the label is read out and shown as its title. */
export function IconButton({ label, icon, kind = 'quiet', className, ...rest }:
  { label: string; icon: ReactNode; kind?: Kind } & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button type="button" aria-label={label} title={label} {...rest} className={classes(kind, false, `${style.iconOnly} ${className ?? ''}`)}>
      {icon}
    </button>
  );
}

/** A link to elsewhere that looks like a button. */
export function ButtonAnchor({ kind = 'plain', small = false, icon, children, className, ...rest }: Look & ComponentProps<'a'>) {
  return <a {...rest} className={classes(kind, small, className)}>{icon}{children}</a>;
}

/** A link to a page of the application that looks like a button. */
export function ButtonLink({ kind = 'plain', small = false, icon, children, className, ...rest }: Look & { to: string } & Omit<ComponentProps<'a'>, 'href' | 'ref'>) {
  return <Link {...rest} className={classes(kind, small, className)}>{icon}{children}</Link>;
}
