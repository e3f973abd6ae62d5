import { useEffect, useLayoutEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import type { Session } from '../../api/types';
import { askSession } from '../../app/session';
import { useText } from '../../i18n/text';
import style from './LoginAgain.module.css';
import { LoginForm } from './LoginForm';

/** Where to go on: where the focus was, or else what lies on top. */
function restore(before: Element | null): void {
  if (before instanceof HTMLElement && before !== document.body && before.isConnected && !before.matches(':disabled')) before.focus({ preventScroll: true });
  if (document.activeElement !== document.body) return;
  const dialog = [...document.querySelectorAll<HTMLElement>('[role="dialog"], [role="alertdialog"]')].at(-1);
  (dialog ?? document.getElementById('main'))?.focus({ preventScroll: true });
}

/**
 * The sign-in form over the page when the session has ended. The page beneath stays as it is, with what was typed into it; it
 * can't be seen or reached meanwhile. The browser's own dialog: it lies above all others, whoever made them.
 */
export default function LoginAgain({ name, onEnter }: { name: string; onEnter: (session: Session) => void }) {
  const { t } = useText();
  const dialog = useRef<HTMLDialogElement>(null);

  useLayoutEffect(() => {
    const shown = dialog.current;
    const before = document.activeElement;
    shown?.showModal();
    shown?.querySelector<HTMLElement>('input[type="password"]')?.focus();
    return () => {
      shown?.close();
      setTimeout(() => restore(before));
    };
  }, []);

  // Who has signed in elsewhere, in another tab, need not do it again.
  useEffect(() => {
    const look = () => { void askSession().then(session => { if (session.user?.name === name) onEnter(session); }, () => undefined); };
    window.addEventListener('focus', look);
    return () => window.removeEventListener('focus', look);
  }, [name, onEnter]);

  return createPortal(
    <dialog ref={dialog} className={style.dialog} aria-labelledby="sign-in-again" onCancel={event => event.preventDefault()}
      onClose={() => dialog.current?.isConnected && dialog.current.showModal()}
      onKeyDown={event => { if (event.key === 'Escape') event.preventDefault(); }}>
      <h1 id="sign-in-again">{t.login.title}</h1>
      <p className="muted">{t.login.ended}</p>
      <LoginForm known={name} onEnter={onEnter} />
      <p className="muted">{t.login.another}</p>
    </dialog>,
    document.body,
  );
}
