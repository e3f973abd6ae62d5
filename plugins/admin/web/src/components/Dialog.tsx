import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { useRef, type ReactNode } from 'react';
import { useText } from '../i18n/text';
import { isCovered } from './covered';
import { Button, IconButton } from './Button';
import style from './Dialog.module.css';

interface Props {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  description?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

const kFields = ':is(input, select, textarea):not(:disabled, [type="hidden"])';

/**
 * A dialog over the page. It begins at its first field, or else at itself: not at the button that closes it, which Enter would press.
 * Escape and a press beside it close it; the focus goes back to where it was.
 */
export function Dialog({ open, onClose, title, description, wide = false, children }: Props) {
  const { t } = useText();
  const popup = useRef<HTMLDivElement>(null);
  // A finger would have the keyboard come up, over half of the dialog.
  const begin = (by: string) => (by === 'touch' ? null : popup.current?.querySelector<HTMLElement>(`form ${kFields}`)) ?? popup.current;
  return (
    <Base.Root open={open} onOpenChange={now => { if (!now && !isCovered()) onClose(); }}>
      <Base.Portal>
        <Base.Backdrop className={style.backdrop} />
        <Base.Popup ref={popup} initialFocus={begin} className={`${style.popup} ${wide ? style.wide : ''}`}>
          <header className={style.head}>
            <Base.Title className={style.title}>{title}</Base.Title>
            <Base.Close render={<IconButton label={t.common.close} icon={<X size={18} aria-hidden />} />} />
          </header>
          {description && <Base.Description className={style.description}>{description}</Base.Description>}
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** The buttons at the end of a dialog. */
export const DialogFooter = ({ children }: { children: ReactNode }) => <div className={style.footer}>{children}</div>;

interface ConfirmProps {
  open: boolean;
  title: string;
  text: string;
  action: string;
  busy?: boolean;
  danger?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something that cannot be undone, or takes long. */
export function Confirm({ open, title, text, action, busy = false, danger = true, onConfirm, onClose }: ConfirmProps) {
  const { t } = useText();
  return (
    <AlertDialog.Root open={open} onOpenChange={now => { if (!now && !isCovered()) onClose(); }}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={style.backdrop} />
        <AlertDialog.Popup className={style.popup}>
          <header className={style.head}><AlertDialog.Title className={style.title}>{title}</AlertDialog.Title></header>
          <AlertDialog.Description className={style.description}>{text}</AlertDialog.Description>
          <DialogFooter>
            <AlertDialog.Close render={<Button>{t.common.cancel}</Button>} />
            <Button kind={danger ? 'danger' : 'primary'} busy={busy} onClick={onConfirm}>{action}</Button>
          </DialogFooter>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
